namespace Headgate.Core.Config;

/// <summary>How a keeper of secrets is reached, as a user wrote it, typed. Source: APISIX's secret schemas (docs/reference/secret.md).</summary>
/// <param name="Id"><c>MANAGER/ID</c>, as references name it: <c>$secret://MANAGER/ID/...</c>.</param>
public abstract record SecretConfig(string Id)
{
    /// <summary>Leaves everything out but the id: a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"{GetType().Name} {{ Id = {Id} }}";
}
