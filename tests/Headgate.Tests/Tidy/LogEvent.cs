using System.Globalization;
using System.Text.RegularExpressions;

namespace Headgate.Tests.Tidy;

/// <summary>A log event as its source declares it.</summary>
internal sealed partial record LogEvent(string File, int Id, string Level, string Message, string Method)
{
    private static readonly (string Folder, int First)[] Areas =
    [
        ("src/Headgate.Store/", 1000),
        ("src/Headgate.Core/", 1100),
        ("src/Headgate.Proxy/Upstream/", 1300),
        ("src/Headgate.Proxy/Plugins/", 1600),
        ("src/Headgate.Proxy/Telemetry/", 1600),
        ("src/Headgate.Proxy/Discovery/", 1700),
        ("src/Headgate.Proxy/Registries/", 1700),
        ("src/Headgate.Proxy/Dns/", 1700),
        ("src/Headgate.Proxy/", 1200),
        ("src/Headgate.Control/", 1400),
        ("src/Headgate/", 1500),
    ];

    public bool IsInItsArea => Areas.Any(a => File.StartsWith(a.Folder, StringComparison.Ordinal) && Id >= a.First && Id < a.First + 100)
        || (File.StartsWith("src/Headgate.Proxy/", StringComparison.Ordinal) && Id is >= 1200 and < 1400)

        // What reads the configuration for the gateway lies in the store's and the executable's folders, too.
        || Id is >= 1100 and < 1200;

    public string Row => $"| {Id} | {Level} | {Method} | {Message.Replace("|", "\\|")} |";

    public static IEnumerable<LogEvent> In(string file) => Declaration().Matches(Repository.Text(file)).Select(m => new LogEvent(
        file,
        int.Parse(m.Groups["id"].Value, CultureInfo.InvariantCulture),
        m.Groups["level"].Value,
        string.Concat(Literal().Matches(m.Groups["message"].Value).Select(l => l.Groups["text"].Value.Replace("\\\"", "\""))),
        m.Groups["method"].Value));

    [GeneratedRegex("""
        \[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d+)\s*,\s*(?:Level\s*=\s*)?LogLevel\.(?<level>\w+)\s*,\s*(?:Message\s*=\s*)?(?<message>(?:\s*\+?\s*"(?:[^"\\]|\\.)*")+)\s*[^\]]*\]\s*(?:\[[^\]]*\]\s*)*(?:(?:public|internal|private|static|partial|void)\s+)+(?<method>\w+)
        """, RegexOptions.Singleline)]
    private static partial Regex Declaration();

    [GeneratedRegex("""
        "(?<text>(?:[^"\\]|\\.)*)"
        """)]
    private static partial Regex Literal();
}
