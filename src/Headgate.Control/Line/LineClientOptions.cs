using System.Security.Cryptography.X509Certificates;

namespace Headgate.Control.Line;

/// <summary>How an instance reaches its control planes.</summary>
public sealed record LineClientOptions
{
    /// <summary>Of each control plane its Admin API: <c>https://10.0.0.1:9180</c>. A line is kept to every one.</summary>
    public required IReadOnlyList<Uri> Addresses { get; init; }

    /// <summary>The instance token; null = none is sent. Never logged.</summary>
    public string? Token { get; init; }

    /// <summary>A control plane says little: so often it is asked whether it is there. One that does not answer twice so long is not.</summary>
    internal TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Who may have signed the control planes' certificates; null = whom the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The instance's own certificate, for control planes that ask for one; null = none.</summary>
    public X509Certificate2? Certificate { get; init; }
}
