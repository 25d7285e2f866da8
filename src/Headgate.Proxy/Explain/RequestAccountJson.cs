using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Explain;

/// <summary>Writes a <see cref="RequestAccount"/> as one line that a header field can hold (docs/reference/explain.md).</summary>
internal static class RequestAccountJson
{
    /// <summary>Bytes at most: proxies and clients take heads of 8 KiB, most of them more.</summary>
    public const int BytesMax = 4096;

    private const int TextCharsMax = 100;

    /// <summary>What is listed, the first that fits: so many candidates and as many that were left out, so many tries.</summary>
    private static readonly (int Nodes, int Tries)[] Limits = [(16, RequestAccount.TriesMax), (4, RequestAccount.TriesMax), (0, RequestAccount.TriesMax), (0, 4), (0, 1)];

    // Everything but visible ASCII is escaped: no byte can end the field or mean something else in another charset.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.BasicLatin) };

    /// <summary>The line; see <see cref="RequestAccount.Write"/>.</summary>
    public static byte[] Write(RequestAccount account, int status, int retryAfterSeconds)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        foreach ((int nodes, int tries) in Limits)
        {
            buffer.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(buffer, Options))
                WriteAll(writer, account, status, retryAfterSeconds, nodes, tries);
            if (buffer.WrittenCount <= BytesMax)
                return buffer.WrittenSpan.ToArray();
        }

        return "{\"reason\":\"the explanation is too long\"}"u8.ToArray();
    }

    private static void WriteAll(Utf8JsonWriter writer, RequestAccount account, int status, int retryAfterSeconds, int nodesMax, int triesMax)
    {
        // The head of a node's answer is written within its try, one of the gateway's after it.
        bool isNodes = account.Tries.Any(static one => one.Failure is null);
        writer.WriteStartObject();
        writer.WriteNumber("revision", account.Revision);
        writer.WriteNumber("status", status);
        writer.WriteString("from", isNodes ? "node" : "gateway");
        if (account.Refusal is not null && !isNodes)
            WriteText(writer, "reason", account.Refusal);
        if (retryAfterSeconds > 0 && !isNodes)
            writer.WriteNumber("retry_after", retryAfterSeconds);
        WriteText(writer, "route", account.Route?.Config.Id);
        WriteText(writer, "upstream", account.Upstream?.Owner);
        WriteText(writer, "type", account.Upstream?.Config.Type);
        if (account.Key is not null)
            WriteText(writer, "key", account.Key);
        if (account.Candidates is not null)
            WriteNodes(writer, account, nodesMax);
        if (account.WaitedFor is { } waited)
            writer.WriteNumber("waited_ms", Math.Round(waited.TotalMilliseconds, 2));
        writer.WriteNumber("tries_count", account.TriesCount);
        writer.WriteStartArray("tries");
        foreach (AccountedTry one in account.Tries.Take(triesMax))
            WriteTry(writer, one, status);
        writer.WriteEndArray();
        WriteMs(writer, Stopwatch.GetElapsedTime(account.Begun));
        writer.WriteEndObject();
    }

    private static void WriteNodes(Utf8JsonWriter writer, RequestAccount account, int nodesMax)
    {
        var all = account.Candidates!.ToLookup(node => node.Candidate.Standing == CandidateStanding.LeftOut);
        writer.WriteBoolean("uses_unusable", account.UsesUnusable);
        writer.WriteNumber("candidates_count", all[false].Count());
        writer.WriteStartArray("candidates");
        foreach ((CandidateExplanation candidate, long inFlight) in all[false].OrderBy(node => node.Candidate.Standing).Take(nodesMax))
        {
            writer.WriteStartObject();
            WriteText(writer, "node", Name(candidate.Node));
            writer.WriteString("standing", Snake(candidate.Standing));
            writer.WriteNumber("weight", candidate.Node.Config.Weight);
            writer.WriteNumber("in_flight", inFlight);
            WriteScore(writer, candidate.Score);
            if (candidate.Exclusions != NodeExclusions.None)
                WriteWhy(writer, candidate.Exclusions);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("excluded_count", all[true].Count());
        writer.WriteStartArray("excluded");
        foreach ((CandidateExplanation candidate, _) in all[true].Take(nodesMax))
        {
            writer.WriteStartObject();
            WriteText(writer, "node", Name(candidate.Node));
            WriteWhy(writer, candidate.Exclusions);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTry(Utf8JsonWriter writer, AccountedTry one, int status)
    {
        writer.WriteStartObject();
        WriteText(writer, "node", Name(one.Node));
        WriteScore(writer, one.Score);
        if (one.Drawn is { } drawn)
        {
            writer.WriteStartArray("drawn");
            writer.WriteStringValue(Cut(Name(drawn.First)));
            writer.WriteStringValue(Cut(Name(drawn.Challenger)));
            writer.WriteEndArray();
        }

        if (one.Share < PickShare.Full)
            writer.WriteNumber("share", one.Share);
        writer.WriteString("outcome", DecisionSlot.Name(one.Failure ?? AttemptFailure.None));
        writer.WriteNumber("status", one.Failure is null ? status : one.Status);
        WriteMs(writer, one.Duration);
        writer.WriteEndObject();
    }

    private static void WriteWhy(Utf8JsonWriter writer, NodeExclusions exclusions)
    {
        writer.WriteStartArray("why");
        foreach (NodeExclusions why in Enum.GetValues<NodeExclusions>())
        {
            if (why != NodeExclusions.None && (exclusions & why) != 0)
                writer.WriteStringValue(Snake(why));
        }

        writer.WriteEndArray();
    }

    private static void WriteScore(Utf8JsonWriter writer, double? score)
    {
        if (score is { } number)
            writer.WriteNumber("score", Math.Round(number, 6));
    }

    private static void WriteMs(Utf8JsonWriter writer, TimeSpan time) => writer.WriteNumber("ms", Math.Round(time.TotalMilliseconds, 2));

    private static void WriteText(Utf8JsonWriter writer, string name, string? text) => writer.WriteString(name, text is null ? null : Cut(text));

    private static string Cut(string text) => text.Length <= TextCharsMax ? text : string.Concat(text.AsSpan(0, TextCharsMax), "...");

    private static string Name(NodeSnapshot node) => $"{node.State.Key.Host}:{node.State.Key.Port}";

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
