namespace Headgate.Proxy.Plugins.ForwardAuth;

/// <summary>What the server said about a request.</summary>
/// <param name="Status">Its status; below 300 the request may pass. 0 = it said nothing.</param>
/// <param name="Fields">Those of its fields that are passed on, in order.</param>
/// <param name="Body">Body of a refusal.</param>
internal sealed record AuthorizationAnswer(int Status, IReadOnlyList<(byte[] Name, byte[] Value)> Fields, byte[] Body)
{
    /// <summary>The server could not be asked.</summary>
    public static AuthorizationAnswer None { get; } = new(0, [], []);
}
