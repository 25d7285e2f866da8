using System.Text.Json;
using Headgate.Core.Config.Expressions;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Reads what the configurations of plugins that log requests have in common.</summary>
internal static class LoggerReader
{
    /// <summary>What of APISIX's log is kept here by default: 512 KiB.</summary>
    private const int BodyBytesMax = 524_288;

    /// <summary><c>log_format</c>. <paramref name="bodies"/>: what is kept of bodies, else their variables are empty, which is warned about.</summary>
    public static EquatableArray<LogMember> LogFormat(ObjectReader reader, LoggedBodies bodies)
    {
        EquatableArray<LogMember> members = Members(reader);
        (bool ofRequests, bool ofAnswers) = Formats.Custom(members).WritesBodies;
        Location at = reader.At.Property("log_format");
        if (ofRequests && bodies.RequestBytesMax == 0)
            reader.Findings.Warn(at, $"{at.Path}: $request_body stays empty without include_req_body");
        if (ofAnswers && bodies.ResponseBytesMax == 0)
            reader.Findings.Warn(at, $"{at.Path}: $resp_body stays empty without include_resp_body");
        return members;
    }

    /// <summary>Which bodies are logged, and for which requests.</summary>
    public static LoggedBodies Bodies(ObjectReader reader)
    {
        (int requestMax, VarsExpression? requestWhen) = Body(reader, "include_req_body", "include_req_body_expr", "max_req_body_bytes");
        (int responseMax, VarsExpression? responseWhen) = Body(reader, "include_resp_body", "include_resp_body_expr", "max_resp_body_bytes");
        return new LoggedBodies { RequestBytesMax = requestMax, RequestWhen = requestWhen, ResponseBytesMax = responseMax, ResponseWhen = responseWhen };
    }

    private static (int BytesMax, VarsExpression? When) Body(ObjectReader reader, string flag, string expression, string max)
    {
        bool isLogged = reader.Flag(flag) ?? false;
        VarsExpression? when = reader.Vars(expression);
        int? bytesMax = reader.Integer(max, 1);
        foreach (string name in (ReadOnlySpan<string>)[expression, max])
        {
            if (!isLogged && reader.Has(name))
                reader.Findings.Warn(reader.At.Property(name), $"{reader.At.Property(name).Path} has no effect without {flag}");
        }

        return isLogged ? (bytesMax ?? BodyBytesMax, when) : default;
    }

    /// <summary>What the plugin's metadata says for all its uses. <paramref name="hasPath"/>: a file too.</summary>
    public static LoggerMetadata Metadata(ObjectReader reader, bool hasPath = false)
    {
        if (reader.TryGet("max_pending_entries", out _))
            reader.Findings.WarnNoEffectYet(reader.At.Property("max_pending_entries"));
        return new LoggerMetadata(Members(reader), hasPath ? reader.Text("path", 1, 4096) : null);
    }

    private static EquatableArray<LogMember> Members(ObjectReader reader)
    {
        if (reader.TryGet("log_format_extra", out _))
            SchemaRules.Refuse(reader, "log_format_extra is not there yet; allowed: log_format");
        if (!reader.TryGet("log_format", out JsonElement format))
            return [];
        if (format.ValueKind != JsonValueKind.Object)
        {
            JsonValues.WrongType("object", format, reader.At.Property("log_format"), reader.Findings);
            return [];
        }

        var members = new List<LogMember>();
        foreach (JsonProperty member in format.EnumerateObject())
        {
            if (JsonValues.Text(member.Value, reader.At.Property("log_format").Property(member.Name), reader.Findings) is { } value)
                members.Add(new LogMember(member.Name, value));
        }

        foreach (string unknown in Formats.Custom(members).UnknownVariables.Except([Telemetry.Logs.LogFormat.RequestBody, Telemetry.Logs.LogFormat.ResponseBody]))
            reader.Findings.Warn(reader.At.Property("log_format"), $"{reader.At.Property("log_format").Path}: ${unknown} is not known here and stays empty");
        return [.. members];
    }

    /// <summary>The members of a batch.</summary>
    public static BatchConfig Batch(ObjectReader reader)
    {
        var defaults = new BatchConfig();
        reader.Text("name"); // of the batch in APISIX's own log
        return new BatchConfig
        {
            BatchMaxSize = reader.Integer("batch_max_size", 1, int.MaxValue) ?? defaults.BatchMaxSize,
            InactiveTimeout = Seconds(reader, "inactive_timeout", 1) ?? defaults.InactiveTimeout,
            BufferDuration = Seconds(reader, "buffer_duration", 1) ?? defaults.BufferDuration,
            MaxRetryCount = reader.Integer("max_retry_count", 0, int.MaxValue) ?? defaults.MaxRetryCount,
            RetryDelay = Seconds(reader, "retry_delay", 0) ?? defaults.RetryDelay,
        };
    }

    private static TimeSpan? Seconds(ObjectReader reader, string name, int min) => reader.Integer(name, min, 86_400) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
