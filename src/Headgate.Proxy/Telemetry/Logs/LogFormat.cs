using System.Text;
using System.Text.RegularExpressions;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>How an entry of a log is written. Immutable, thread-safe; writing allocates nothing in the long run.</summary>
public sealed partial class LogFormat
{
    /// <summary>APISIX's default format of the access log.</summary>
    public const string Default =
        "$remote_addr - $remote_user [$time_local] $http_host \"$request\" $status $body_bytes_sent $request_time \"$http_referer\" \"$http_user_agent\" "
        + "$upstream_addr $upstream_status $upstream_response_time \"$upstream_scheme://$upstream_host$upstream_uri\" \"$apisix_request_id\"";

    /// <summary>Name of the variable that is a request's body.</summary>
    internal const string RequestBody = "request_body";

    /// <summary>Name of the variable that is an answer's body.</summary>
    internal const string ResponseBody = "resp_body";

    private static readonly string[] JsonNames =
    [
        "time_iso8601", "msec", "remote_addr", "request_id", "request_method", "scheme", "host", "request_uri", "server_protocol", "status", "request_time", "request_length",
        "bytes_sent", "body_bytes_sent", "route_id", "route_name", "service_id", "service_name", "consumer_name", "upstream_owner", "upstream_name", "upstream_addr", "upstream_status",
        "upstream_failure", "upstream_connect_time", "upstream_header_time", "upstream_response_time", "http_user_agent", "http_referer",
    ];

    private readonly LogPart[] _parts;
    private readonly LogEscape _escape;

    private readonly LogFormat? _before;

    private LogFormat(IEnumerable<LogPart> parts, LogEscape escape, LogFormat? before = null) => (_parts, _escape, _before) = ([.. parts], escape, before);

    /// <summary>An object of JSON with every field of the request and its tries, and of its header fields <c>User-Agent</c> and <c>Referer</c> alone.</summary>
    public static LogFormat Json { get; } = OfFields(JsonNames.Select(static name => (name, "$" + name)));

    /// <summary>Names of variables that no request has here: they stay empty. Bodies are among them (<see cref="WritesBodies"/>).</summary>
    public IEnumerable<string> UnknownVariables => _parts.Where(static part => part.Variable is { IsSupported: false }).Select(static part => part.Variable!.Name)
        .Concat(WritesBodies.OfRequests ? [RequestBody] : []).Concat(WritesBodies.OfAnswers ? [ResponseBody] : []).Distinct();

    /// <summary>Whether it writes bodies of requests, of answers: they stay empty unless somebody keeps them for it.</summary>
    internal (bool OfRequests, bool OfAnswers) WritesBodies => (_parts.Any(static part => part.Field == LogField.RequestBody), _parts.Any(static part => part.Field == LogField.ResponseBody));

    /// <summary>As <see cref="Json"/>, with members for the bodies that are kept.</summary>
    internal static LogFormat JsonWith(bool requestBody, bool responseBody) => OfFields(
        JsonNames.Select(static name => (name, "$" + name))
            .Concat(requestBody ? [("request_body", "$" + RequestBody)] : [])
            .Concat(responseBody ? [("response_body", "$" + ResponseBody)] : []));

    /// <summary>A line of text with variables, <c>$name</c> or <c>${name}</c>.</summary>
    public static LogFormat Template(string text, LogEscape escape)
    {
        var parts = new List<LogPart>();
        int from = 0;
        foreach (Match match in Variable().Matches(text))
        {
            AddText(parts, text[from..match.Index]);
            parts.Add(PartOf(match.Groups["name"].Value));
            from = match.Index + match.Length;
        }

        AddText(parts, text[from..]);
        return new LogFormat(parts, escape);
    }

    /// <summary>An object of JSON: values that begin with a dollar are variables, the others text.</summary>
    internal static LogFormat OfFields(IEnumerable<(string Name, string Value)> fields)
    {
        var parts = new List<LogPart>();
        string before = "{";
        foreach ((string name, string value) in fields)
        {
            AddText(parts, $"{before}\"{JsonText(name)}\":");
            before = ",";
            if (!value.StartsWith('$'))
            {
                AddText(parts, $"\"{JsonText(value)}\"");
                continue;
            }

            LogPart part = PartOf(value[1..]);
            bool isNumber = LogFields.IsNumber(part.Field);
            AddText(parts, isNumber ? "" : "\"");
            parts.Add(part);
            AddText(parts, isNumber ? "" : "\"");
        }

        AddText(parts, before == "{" ? "{}" : "}");
        return new LogFormat(parts, LogEscape.Json);
    }

    /// <summary>This one, with what another writes before it.</summary>
    internal LogFormat Behind(LogFormat before) => new(_parts, _escape, before);

    /// <summary>The variable of a name.</summary>
    internal static LogPart PartOf(string name) =>
        LogFields.Find(name) is var field and not LogField.OfRequest ? new LogPart([], field) : new LogPart([], LogField.OfRequest, RequestVariable.Parse(name));

    /// <summary>Writes the entry of a request that has ended.</summary>
    internal void Write(ref LineWriter to, Exchange exchange, RequestTrace trace, in LogMoment moment)
    {
        _before?.Write(ref to, exchange, trace, moment);
        foreach (ref readonly LogPart part in _parts.AsSpan())
        {
            if (part.Text.Length > 0)
            {
                to.Write(part.Text);
                continue;
            }

            int before = to.Length;
            LogValues.Write(ref to, part, exchange, trace, moment, _escape);
            if (to.Length == before && _escape == LogEscape.Default)
                to.Write((byte)'-');
        }
    }

    private static void AddText(List<LogPart> parts, string text)
    {
        if (text.Length > 0)
            parts.Add(new LogPart(Encoding.UTF8.GetBytes(text)));
    }

    private static string JsonText(string text) => System.Text.Json.JsonEncodedText.Encode(text).ToString();

    [GeneratedRegex(@"\$(?:\{(?<name>[0-9a-zA-Z_]+)\}|(?<name>[0-9a-zA-Z_]+))")]
    private static partial Regex Variable();
}
