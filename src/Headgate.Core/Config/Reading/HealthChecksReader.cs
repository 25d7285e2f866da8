using System.Collections.Immutable;

namespace Headgate.Core.Config.Reading;

/// <summary>Checks an upstream's <c>checks</c> by APISIX's rules (schema.md 1.4).</summary>
internal static class HealthChecksReader
{
    private static readonly ImmutableArray<string> Types = ["http", "https", "tcp"];

    public static void Check(ObjectReader upstream)
    {
        if (upstream.Object("checks") is not { } reader)
            return;

        if (reader.Object("active") is { } active)
            CheckActive(active);
        if (reader.Object("passive") is { } passive)
            CheckPassive(passive);
        if (!reader.Has("active"))
            reader.Findings.Schema(reader.At, "object matches none of the required: [\"active\"] or [\"active\",\"passive\"]");
        reader.WarnOthers();
    }

    private static void CheckActive(ObjectReader active)
    {
        active.Choice("type", Types);
        active.Number("timeout");
        active.Integer("concurrency");
        active.Host("host");
        active.Integer("port", 1, 65535);
        active.Choice("http_method", HttpMethods.All);
        active.Text("http_path");
        active.Text("http_req_body");
        active.Flag("https_verify_certificate");
        active.Items<string>("req_headers", 1, unique: false, ItemReaders.Text);
        if (active.Object("healthy") is { } healthy)
        {
            healthy.Integer("interval", 1);
            Statuses(healthy);
            Counters(healthy, 1, "successes");
        }

        if (active.Object("unhealthy") is { } unhealthy)
        {
            unhealthy.Integer("interval", 1);
            Statuses(unhealthy);
            Counters(unhealthy, 1, "http_failures", "tcp_failures", "timeouts");
        }

        active.WarnOthers();
    }

    private static void CheckPassive(ObjectReader passive)
    {
        passive.Choice("type", Types);
        if (passive.Object("healthy") is { } healthy)
        {
            Statuses(healthy);
            Counters(healthy, 0, "successes");
        }

        if (passive.Object("unhealthy") is { } unhealthy)
        {
            Statuses(unhealthy);
            Counters(unhealthy, 0, "tcp_failures", "timeouts", "http_failures");
        }

        passive.WarnOthers();
    }

    private static void Statuses(ObjectReader reader) => reader.Items<int>("http_statuses", 1, unique: true, ItemReaders.Status);

    /// <summary>Reads the counters, the last members of their object, and notes what else is in it.</summary>
    private static void Counters(ObjectReader reader, int min, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            reader.Integer(name, min, 254);
        reader.WarnOthers();
    }
}
