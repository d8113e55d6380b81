# Counts the words of files; needs an installed Elixir, whose libraries it uses:
#   npx turbeam run -pa examples/elixir examples/elixir/Elixir.Words.beam -- README.md
defmodule Words do
  defmodule Count do
    defstruct word: "", times: 0

    defimpl String.Chars do
      def to_string(%{word: word, times: times}), do: "#{String.pad_leading("#{times}", 6)}  #{word}"
    end
  end

  def main([]), do: IO.puts(:stderr, "usage: words FILE...") && exit({:shutdown, 1})

  def main(files) do
    files
    |> Task.async_stream(&count/1)
    |> Enum.reduce(%{}, fn {:ok, counts}, sum -> Map.merge(sum, counts, fn _, a, b -> a + b end) end)
    |> Enum.map(fn {word, times} -> %Count{word: word, times: times} end)
    |> Enum.sort_by(&{-&1.times, &1.word})
    |> Enum.take(10)
    |> Enum.each(&IO.puts/1)
  end

  defp count(file) do
    file
    |> File.stream!()
    |> Stream.flat_map(&Regex.scan(~r/\p{L}+/u, &1))
    |> Stream.map(fn [word] -> String.downcase(word) end)
    |> Enum.frequencies()
  end
end
