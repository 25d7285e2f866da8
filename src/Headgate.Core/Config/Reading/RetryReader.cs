using System.Collections.Immutable;
using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's fields about retries that APISIX does not have, and refuses those that would have no effect.</summary>
internal static class RetryReader
{
    private const string ConnectFailure = "connect-failure";
    private static readonly ImmutableArray<string> Conditions = [ConnectFailure, "reset", "timeout", "5xx", "gateway-error"];

    private static readonly string[] UselessWithoutRetries =
        ["retry_on", "retriable_status_codes", "retry_non_idempotent", "retry_back_off", "retry_budget", "per_request_buffer_limit_bytes", "hedging_policy"];

    public static RetryConfig Read(ObjectReader upstream)
    {
        RetryConfig config = RetryConfig.Default;
        ImmutableArray<string>? on = upstream.Items<string>("retry_on", 1, unique: true, Condition);
        ImmutableArray<int>? statuses = upstream.Items<int>("retriable_status_codes", 1, unique: true, ItemReaders.Status);
        var read = new RetryConfig
        {
            On = on is { } conditions ? Flags(conditions) : config.On,
            Statuses = Statuses(on ?? [], statuses ?? []),
            NonIdempotent = upstream.Flag("retry_non_idempotent") ?? config.NonIdempotent,
            PerTryTimeout = upstream.Duration("per_try_timeout", aboveZero: true),
            BackOff = ReadBackOff(upstream),
            Budget = ReadBudget(upstream),
            BodyBytesMax = upstream.Integer("per_request_buffer_limit_bytes", 0, 16 * 1024 * 1024) ?? config.BodyBytesMax,
        };
        return read == config ? config : read; // one for the 10,000 upstreams that write nothing
    }

    /// <summary>What holds between the fields.</summary>
    public static void Check(ObjectReader upstream, UpstreamConfig config)
    {
        if (config.Retries == 0)
        {
            foreach (string name in UselessWithoutRetries)
            {
                if (upstream.Has(name))
                    Refuse(name, $"has no effect while {upstream.At.Property("retries").Path} is 0; leave one of the two out");
            }

            return;
        }

        RetryConfig retry = config.Retry;
        if (retry.NonIdempotent && retry.Statuses is null && retry.On == RetryConditions.ConnectFailure)
            Refuse("retry_non_idempotent", $"has no effect while {upstream.At.Property("retry_on").Path} is only {ConnectFailure}: nothing was sent then, and every method is tried again");
        if (retry.BackOff is not { } backOff)
            return;
        Location at = upstream.At.Property("retry_back_off");
        if (backOff.MaxInterval < backOff.BaseInterval)
            upstream.Findings.Add(Phase.Own, at.Property("max_interval"), $"{at.Property("max_interval").Path} is less than {at.Property("base_interval").Path}; give at least as much");
        if (backOff.RetryAfter && retry.Statuses?.Contains(429) != true && retry.Statuses?.Contains(503) != true)
        {
            upstream.Findings.Add(Phase.Own, at.Property("retry_after"), $"{at.Property("retry_after").Path} has no effect while neither 429 nor 503 is tried again; "
                + $"add one to {upstream.At.Property("retriable_status_codes").Path}");
        }

        void Refuse(string name, string problem)
        {
            Location field = upstream.At.Property(name);
            upstream.Findings.Add(Phase.Own, field, $"{field.Path} {problem}");
        }
    }

    private static BackOffConfig? ReadBackOff(ObjectReader upstream)
    {
        if (upstream.Object("retry_back_off") is not { } reader)
            return null;
        reader.Require("base_interval");
        TimeSpan? first = reader.Duration("base_interval", aboveZero: true);
        TimeSpan? max = reader.Duration("max_interval", aboveZero: true);
        bool retryAfter = reader.Flag("retry_after") ?? false;
        reader.ForbidOthers();
        return first is { } known ? new BackOffConfig(known, max ?? 10 * known, retryAfter) : null;
    }

    private static RetryBudgetConfig ReadBudget(ObjectReader upstream)
    {
        RetryBudgetConfig budget = RetryBudgetConfig.Default;
        if (upstream.Object("retry_budget") is not { } reader)
            return budget;
        budget = new RetryBudgetConfig(
            reader.Integer("budget_percent", 0, 100) ?? budget.BudgetPercent,
            reader.Integer("min_retry_concurrency", 0) ?? budget.MinRetryConcurrency);
        reader.ForbidOthers();
        return budget;
    }

    private static bool Condition(JsonElement value, Location at, Findings findings, out string item)
    {
        item = JsonValues.Choice(value, at, findings, Conditions) ?? "";
        return item.Length > 0;
    }

    private static RetryConditions Flags(ImmutableArray<string> conditions) =>
        (conditions.Contains(ConnectFailure) ? RetryConditions.ConnectFailure : 0)
        | (conditions.Contains("reset") ? RetryConditions.Reset : 0)
        | (conditions.Contains("timeout") ? RetryConditions.Timeout : 0);

    private static StatusSet? Statuses(ImmutableArray<string> conditions, ImmutableArray<int> listed)
    {
        IEnumerable<int> all = listed;
        if (conditions.Contains("gateway-error"))
            all = all.Concat([502, 503, 504]);
        if (conditions.Contains("5xx"))
            all = all.Concat(Enumerable.Range(500, 100));
        return all.ToArray() is { Length: > 0 } statuses ? new StatusSet(statuses) : null;
    }
}
