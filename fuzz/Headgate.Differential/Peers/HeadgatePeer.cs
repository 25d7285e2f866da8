using System.Net;
using System.Text.RegularExpressions;
using Headgate.Differential.Wire;

namespace Headgate.Differential.Peers;

/// <summary>Headgate before a recording origin.</summary>
internal sealed partial class HeadgatePeer : Peer
{
    private readonly RecordingOrigin _origin;
    private HeadgateServer? _server;

    private HeadgatePeer()
        : base("headgate") => _origin = new RecordingOrigin(Log);

    /// <inheritdoc/>
    public override IPEndPoint EndPoint => _server!.EndPoint;

    /// <inheritdoc/>
    public override RecordingOrigin Origin => _origin;

    /// <summary>Starts both.</summary>
    public static async Task<HeadgatePeer> StartAsync()
    {
        var peer = new HeadgatePeer();
        peer._server = await HeadgateServer.StartAsync(peer._origin.Port);
        return peer;
    }

    /// <inheritdoc/>
    public override ValueTask<string> ReasonAsync(string client, Answer refusal)
    {
        Match reason = ErrorMessage().Match(refusal.Body);
        return ValueTask.FromResult(reason.Success ? reason.Groups["text"].Value : $"{refusal.Status}");
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [GeneratedRegex("""^\{"error_msg":"(?<text>[^"]*)"\}""")]
    private static partial Regex ErrorMessage();
}
