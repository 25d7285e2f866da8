namespace Headgate.Proxy.Tests.Hardening;

/// <summary>What both ends saw of an attack.</summary>
/// <param name="Received">All the client received, up to the end of its connection.</param>
/// <param name="NodeSaw">All the node received, a text a connection, the lines that the gateway adds for a request to host x left out.</param>
internal sealed record AttackResult(string Received, IReadOnlyList<string> NodeSaw)
{
    /// <summary>What the client received, answer by answer; throws when it is anything else than whole answers.</summary>
    public IReadOnlyList<Answer> Answers => Answer.ReadAll(Received);

    /// <summary>Their statuses: <c>"200 400"</c>.</summary>
    public string Statuses => string.Join(' ', Answers.Select(answer => answer.Status));
}
