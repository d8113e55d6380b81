// All built-in functions: importing this file fills the table.
import './atoms-text.js';
import './binaries.js';
import './guards.js';
import './io.js';
import './lists.js';
import './maps.js';
import './math.js';
import './processes.js';
import './code.js';
import './time.js';
import './tuples.js';
import './unicode.js';
