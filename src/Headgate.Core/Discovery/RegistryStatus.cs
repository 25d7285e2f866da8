namespace Headgate.Core.Discovery;

/// <summary>Whether a registry can be asked. Names in answers are API7's: <c>connecting</c>, <c>healthy</c>, <c>lost_connection</c>.</summary>
public enum RegistryStatus
{
    /// <summary>It was not heard of yet.</summary>
    Connecting,

    /// <summary>It answers.</summary>
    Healthy,

    /// <summary>It does not: no followed service has an answer now, or, while none is followed, the last test failed.</summary>
    Lost,
}
