using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>Google Cloud Secret Manager. Exactly one of <see cref="PrivateKey"/> (with what belongs to it) and <see cref="AuthFile"/> is set.</summary>
public sealed record GcpSecretConfig(string Id) : SecretConfig(Id)
{
    /// <summary>Where tokens are had when <see cref="TokenUri"/> is not written.</summary>
    public const string DefaultTokenUri = "https://oauth2.googleapis.com/token";

    /// <summary>Where secrets are had when <see cref="EntriesUri"/> is not written.</summary>
    public const string DefaultEntriesUri = "https://secretmanager.googleapis.com/v1";

    /// <summary>What a token is asked for when <see cref="Scope"/> is not written.</summary>
    public const string DefaultScope = "https://www.googleapis.com/auth/cloud-platform";

    /// <summary>File with the service account; null when it is written in the object.</summary>
    public string? AuthFile { get; init; }

    /// <summary>Mail address of the service account.</summary>
    public string? ClientEmail { get; init; }

    /// <summary>PEM private key of the service account. Never logged.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>Project that holds the secrets.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Where tokens are had.</summary>
    public string TokenUri { get; init; } = DefaultTokenUri;

    /// <summary>Where secrets are had.</summary>
    public string EntriesUri { get; init; } = DefaultEntriesUri;

    /// <summary>What a token is asked for.</summary>
    public EquatableArray<string> Scope { get; init; } = [DefaultScope];

    /// <summary>Whether the servers' certificates are checked; default true.</summary>
    public bool SslVerify { get; init; } = true;

    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}
