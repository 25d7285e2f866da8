using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.Differential.Wire;

namespace Headgate.Tests.Fuzz;

/// <summary>
/// Asks soundly over kept connections and trusts nothing: every answer must be sound, be the only one, and carry no other request's word. A connection that the gateway breaks off is
/// its right when the node broke off.
/// </summary>
internal sealed class WaryClient(IPEndPoint gateway, RunTally tally) : IDisposable
{
    private const int HangMs = 20_000;

    private readonly byte[] _buffer = new byte[262_144];
    private Socket? _socket;

    /// <summary>Sends the requests <paramref name="first"/>, first + <paramref name="step"/>, ... below <paramref name="end"/>.</summary>
    public void Run(long first, long step, long end)
    {
        for (long number = first; number < end; number += step)
            tally.Count(Ask(number));
    }

    public void Dispose() => _socket?.Dispose();

    private int Ask(long number)
    {
        string token = RunToken.Of(number);
        bool toHead = number % 10 == 0;
        try
        {
            _socket ??= Connect();
            _socket.Available.ShouldBe(0, $"{token}: bytes of an answer that nobody asked for");
            _socket.Send(Encoding.ASCII.GetBytes($"{(toHead ? "HEAD" : "GET")} /{token} HTTP/1.1\r\nHost: a\r\n\r\n"));
            for (int length = 0; ;)
            {
                int count = _socket.Receive(_buffer, length, _buffer.Length - length, SocketFlags.None);
                length += count;
                ReadOnlySpan<byte> received = _buffer.AsSpan(0, length);
                RunToken.FindOther(received, token).ShouldBeNull($"{token} got another request's answer");
                if (count == 0)
                {
                    Close();
                    return 0;
                }

                if (StrictAnswer.Read(received, toHead) is not { } answer)
                    continue;
                answer.Length.ShouldBe(length, $"{token}: bytes behind the answer");
                if (answer.IsLast)
                    Close();
                return answer.Status;
            }
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            Close();
            return 0;
        }
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0), ReceiveTimeout = HangMs, SendTimeout = HangMs };
        socket.Connect(gateway);
        return socket;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
