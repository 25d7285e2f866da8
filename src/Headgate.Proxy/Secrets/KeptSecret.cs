namespace Headgate.Proxy.Secrets;

/// <summary>What is known of a secret.</summary>
/// <param name="Value">Its value as it was had last; null = never.</param>
/// <param name="Problem">Why it could not be had the last time; null = it could.</param>
/// <param name="AskedAt">Timestamp of the last time.</param>
internal sealed record KeptSecret(string? Value, string? Problem, long AskedAt)
{
    /// <summary>Leaves the value out: a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"KeptSecret {{ Problem = {Problem} }}";
}
