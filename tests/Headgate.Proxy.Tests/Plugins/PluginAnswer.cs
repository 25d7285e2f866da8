namespace Headgate.Proxy.Tests.Plugins;

/// <summary>An answer as the client saw it. <paramref name="Body"/>: of an answer of the node, the head of the request as the node saw it.</summary>
internal sealed record PluginAnswer(int Status, ILookup<string, string> Fields, string Body)
{
    /// <summary>Values of a field that the node saw.</summary>
    public string[] Seen(string name) =>
        [.. Body.Split("\r\n").Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 2)..])];

    /// <summary>The request line that the node saw.</summary>
    public string SeenLine => Body.Split("\r\n")[0];

    /// <summary>It is a 401 with that message, and a challenge.</summary>
    public void ShouldBeRefused(string message)
    {
        (Status, Body).ShouldBe((401, $"{{\"message\":\"{message}\"}}\n"));
        Fields["WWW-Authenticate"].Count().ShouldBe(1);
    }
}
