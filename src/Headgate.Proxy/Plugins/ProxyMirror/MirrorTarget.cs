using System.Net.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.ProxyMirror;

/// <summary>A server that gets copies of requests. Thread-safe; never throws.</summary>
/// <param name="origin">Scheme, host and port.</param>
/// <param name="client">What sends.</param>
/// <param name="logger">Told when copies stop to arrive, and when they do again.</param>
internal sealed class MirrorTarget(string origin, HttpClient client, ILogger logger)
{
    // Of an answer, which nobody reads, so much is read that the connection serves a further copy.
    private const int DrainedBytesMax = 262_144;
    private const int PieceBytes = 16_384;

    // Source: APISIX, whose 60 seconds are each for the connection, a pause in sending and one in the answer.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // Paths go out as they came.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string _origin = origin;

    // 1 = the latest did not arrive. Written by every copy; only a change is logged.
    private int _isLost;

    /// <summary>What it is called in logs.</summary>
    public string Name => _origin;

    /// <summary>Its host and port.</summary>
    public byte[] Authority { get; } = System.Text.Encoding.ASCII.GetBytes(new Uri(origin).Authority);

    /// <summary>The URL of a path and query there.</summary>
    public Uri Url(string target) => new(_origin + target, AsItIs);

    /// <summary>Sends a copy and passes over the answer.</summary>
    public async Task SendAsync(HttpRequestMessage request)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            await DrainAsync(answer, timeout.Token);
            if (Volatile.Read(ref _isLost) != 0 && Interlocked.Exchange(ref _isLost, 0) != 0)
                MirrorLog.MirrorFound(logger, _origin);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException)
        {
            if (Interlocked.Exchange(ref _isLost, 1) == 0)
                MirrorLog.MirrorLost(logger, _origin, failure is OperationCanceledException ? $"no answer within {Timeout.TotalSeconds:0} s" : failure.Message);
        }
    }

    private static async Task DrainAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        byte[] piece = System.Buffers.ArrayPool<byte>.Shared.Rent(PieceBytes);
        int read, total = 0;
        while ((read = await body.ReadAsync(piece, cancellationToken)) > 0 && (total += read) < DrainedBytesMax)
        {
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(piece);
    }
}
