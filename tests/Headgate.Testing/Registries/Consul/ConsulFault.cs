namespace Headgate.Testing.Registries.Consul;

/// <summary>What is wrong with a <see cref="ConsulTestServer"/>.</summary>
public enum ConsulFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It takes questions and never answers, those under way included.</summary>
    Hangs,

    /// <summary>It answers 500, as a server without a leader.</summary>
    NoLeader,

    /// <summary>It answers 200 with what is no JSON.</summary>
    Garbage,

    /// <summary>It answers 200 with JSON of another shape.</summary>
    OtherShape,

    /// <summary>It answers without <c>X-Consul-Index</c>.</summary>
    NoIndex,

    /// <summary>It answers everything with index 1 and at once.</summary>
    StuckIndex,
}
