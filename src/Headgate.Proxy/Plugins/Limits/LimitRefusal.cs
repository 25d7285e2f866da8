namespace Headgate.Proxy.Plugins.Limits;

/// <summary>What is answered to requests above a limit.</summary>
/// <param name="Status">Status, 200 to 599.</param>
/// <param name="Message">Sent as <c>{"error_msg":"..."}</c>; null = the gateway's standard body.</param>
public sealed record LimitRefusal(int Status, string? Message)
{
    private readonly byte[]? _body = Message is null ? null : JsonBodies.ErrorMsg(Message);

    /// <summary>Equal texts are equal answers.</summary>
    public bool Equals(LimitRefusal? other) => other is not null && (Status, Message) == (other.Status, other.Message);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Status, Message);

    /// <summary>Answers a request.</summary>
    public PluginVerdict Answer(PluginContext context) => _body is null ? context.Answer(Status) : context.Answer(Status, JsonBodies.ContentType, _body);
}
