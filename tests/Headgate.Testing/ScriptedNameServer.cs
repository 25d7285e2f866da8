using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Headgate.Testing;

/// <summary>A name server on a free port of the loopback, UDP and TCP, that answers every question as a script says.</summary>
public sealed class ScriptedNameServer : IAsyncDisposable
{
    private readonly Func<NameQuestion, IEnumerable<byte[]>> _script;
    private readonly CancellationTokenSource _stop = new();
    private readonly ScriptedNode _tcp;
    private readonly Socket _udp;
    private readonly Task _receiving;

    private ScriptedNameServer(Func<NameQuestion, IEnumerable<byte[]>> script)
    {
        _script = script;
        while (true)
        {
            _udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                _tcp = ScriptedNode.Start(AnswerTcpAsync, port: ((IPEndPoint)_udp.LocalEndPoint!).Port);
                break;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // A port that is free for UDP need not be for TCP.
                _udp.Dispose();
            }
        }

        _receiving = ReceiveAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _tcp.EndPoint;

    /// <summary>All questions so far.</summary>
    public ConcurrentQueue<NameQuestion> Questions { get; } = new();

    /// <summary>Starts one. The script gives the messages to answer a question with, none for silence; it is run for one question after the other.</summary>
    public static ScriptedNameServer Start(Func<NameQuestion, IEnumerable<byte[]>> script) => new(script);

    /// <summary>Starts one that gives each question one answer.</summary>
    public static ScriptedNameServer StartAnswering(Func<NameQuestion, byte[]> script) => new(question => [script(question)]);

    /// <summary>Answers a question that came by UDP late.</summary>
    public Task SendAsync(NameQuestion question, byte[] message) => _udp.SendToAsync(message, question.Client!);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        _udp.Dispose();
        await _tcp.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                var question = new NameQuestion(buffer[..received.ReceivedBytes], (IPEndPoint)received.RemoteEndPoint);
                Questions.Enqueue(question);
                foreach (byte[] message in _script(question))
                    await SendAsync(question, message);
            }
        }
        catch (OperationCanceledException)
        {
            // the test has ended
        }
    }

    private async Task AnswerTcpAsync(ScriptedPeer peer)
    {
        byte[] length = await peer.ReadBytesAsync(2);
        var question = new NameQuestion(await peer.ReadBytesAsync(BinaryPrimitives.ReadUInt16BigEndian(length)), null);
        Questions.Enqueue(question);
        foreach (byte[] message in _script(question))
            await peer.SendAsync((byte[])[(byte)(message.Length >> 8), (byte)message.Length, .. message]);
        await peer.WaitForEndAsync();
    }
}
