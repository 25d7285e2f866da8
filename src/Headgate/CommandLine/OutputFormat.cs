using System.CommandLine;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Configuration.Documents;

namespace Headgate.CommandLine;

/// <summary><c>--output</c>: as what an answer is printed.</summary>
internal static class OutputFormat
{
    /// <summary>For people.</summary>
    private const string Text = "text";

    /// <summary>For programs.</summary>
    public const string Json = "json";

    /// <summary>For people and files.</summary>
    public const string Yaml = "yaml";

    /// <summary>The option of commands that print for people unless they are asked for data.</summary>
    public static Option<string> Option()
    {
        Option<string> option = new("--output", "-o") { Description = "For people (text), or as data.", HelpName = $"{Text}|{Yaml}|{Json}", DefaultValueFactory = _ => Text };
        option.AcceptOnlyFromAmong(Text, Yaml, Json);
        return option;
    }

    /// <summary>The option of commands that print data and nothing else. <paramref name="usual"/> says what it is when it is not there.</summary>
    public static Option<string?> OfData(string usual)
    {
        Option<string?> option = new("--output", "-o") { Description = usual, HelpName = $"{Yaml}|{Json}" };
        option.AcceptOnlyFromAmong(Yaml, Json);
        return option;
    }

    /// <summary>Prints <paramref name="data"/>, or the text that <paramref name="text"/> makes.</summary>
    public static async Task PrintAsync(TextWriter output, string format, JsonNode data, Func<string> text)
    {
        switch (format)
        {
            case Json:
                await output.WriteLineAsync(data.ToJsonString(JsonLayout.Indented));
                break;
            case Yaml:
                YamlWriter.Write(output, data);
                break;
            default:
                await output.WriteAsync(text());
                break;
        }
    }
}
