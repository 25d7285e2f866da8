using System.Net;
using System.Net.Sockets;
using Headgate.Differential.Peers;
using Headgate.Differential.Wire;

namespace Headgate.Differential.Comparison;

/// <summary>Sends an input to a server and watches. Everything is bounded.</summary>
internal sealed class Probe
{
    /// <summary>How long a server may leave a connection open whose client has finished sending, at least.</summary>
    private static readonly TimeSpan FinishBound = TimeSpan.FromMilliseconds(300);

    private int _lastClient;

    /// <summary>
    /// Sends <paramref name="bytes"/> from a loopback address that no other input has. A server that says nothing for <paramref name="quiet"/> waits for more: then sending is
    /// finished and the rest read.
    /// </summary>
    public async Task<Observation> RunAsync(Peer peer, byte[] bytes, TimeSpan quiet)
    {
        IPAddress client = NextClient();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        socket.Bind(new IPEndPoint(client, 0));
        await socket.ConnectAsync(peer.EndPoint);
        Exchanged exchanged = await ExchangeAsync(socket, bytes, quiet);
        return await Observation.OfAsync(peer, client.ToString(), exchanged);
    }

    private static async Task<Exchanged> ExchangeAsync(Socket socket, byte[] bytes, TimeSpan quiet)
    {
        List<byte> received = [];
        await SendAsync(socket, bytes, quiet > FinishBound ? quiet : FinishBound);
        if (await ReceiveAsync(socket, received, quiet))
            return new Exchanged([.. received], Waited: false, 0, Hung: false);
        int before = Answer.ReadAll([.. received]).Count;
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Reset in this very moment: it did not wait any longer.
        }

        bool finished = await ReceiveAsync(socket, received, quiet > FinishBound ? quiet : FinishBound);
        return new Exchanged([.. received], Waited: true, before, Hung: !finished);
    }

    private static async Task SendAsync(Socket socket, byte[] bytes, TimeSpan patience)
    {
        try
        {
            using var bound = new CancellationTokenSource(patience);
            for (int sent = 0; sent < bytes.Length;)
                sent += await socket.SendAsync(bytes.AsMemory(sent), bound.Token);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // It closed before it had taken everything: what it answered can still be read.
        }
    }

    /// <summary>Reads until the server closes (true) or says nothing for a while (false).</summary>
    private static async Task<bool> ReceiveAsync(Socket socket, List<byte> received, TimeSpan quiet)
    {
        byte[] buffer = new byte[16_384];
        try
        {
            while (true)
            {
                using var silence = new CancellationTokenSource(quiet);
                int count = await socket.ReceiveAsync(buffer, silence.Token);
                if (count == 0)
                    return true;
                received.AddRange(buffer.AsSpan(0, count));
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>127.1.0.1 and on: no address twice within sixteen million inputs.</summary>
    private IPAddress NextClient()
    {
        uint number = (uint)Interlocked.Increment(ref _lastClient) % 0xFE_0000;
        return new IPAddress([127, (byte)((number >> 16) + 1), (byte)(number >> 8), (byte)number]);
    }
}
