namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>What came of reading a request's body whole (<see cref="RequestBody.ReadAsync"/>).</summary>
public enum BodyReading
{
    /// <summary>It is here; also when the request has none.</summary>
    Whole,

    /// <summary>It is longer than asked for. The request may go on all the same: what was read of it goes to the node before the rest.</summary>
    TooLarge,

    /// <summary>The client broke it off, or it breaks the protocol or the gateway's limit: the request cannot go on (<see cref="PluginContext.AnswerBrokenBody"/>).</summary>
    Broken,
}
