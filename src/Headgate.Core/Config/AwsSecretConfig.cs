namespace Headgate.Core.Config;

/// <summary>AWS Secrets Manager.</summary>
/// <param name="Id"><c>aws/ID</c>.</param>
/// <param name="AccessKeyId">Id of the access key.</param>
/// <param name="SecretAccessKey">The access key. Never logged.</param>
/// <param name="SessionToken">Token of temporary access; null when absent. Never logged.</param>
/// <param name="Region">Region; default <see cref="DefaultRegion"/>.</param>
/// <param name="EndpointUrl">Address in place of the region's own; null when absent.</param>
public sealed record AwsSecretConfig(string Id, string AccessKeyId, string SecretAccessKey, string? SessionToken, string Region, string? EndpointUrl) : SecretConfig(Id)
{
    /// <summary>The region of who names none: APISIX's.</summary>
    public const string DefaultRegion = "us-east-1";

    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}
