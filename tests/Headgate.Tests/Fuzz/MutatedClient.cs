using System.Net;
using System.Net.Sockets;
using Headgate.Differential.Mutation;

namespace Headgate.Tests.Fuzz;

/// <summary>
/// Sends mutated requests, each on a connection of its own, from a loopback address that no other input has: the ports of one address would run out in TIME_WAIT.
/// Blocking calls on a thread of its own are the cheapest way to many connections a second.
/// </summary>
internal sealed class MutatedClient(IPEndPoint gateway, Mutator mutator, int seed, RunTally tally)
{
    /// <summary>A connection whose client has finished sending must end. Far above what a busy machine needs.</summary>
    private const int HangMs = 20_000;

    private readonly byte[] _buffer = new byte[16_384];

    /// <summary>Sends the inputs <paramref name="first"/>, first + <paramref name="step"/>, ... below <paramref name="end"/>.</summary>
    public void Run(long first, long step, long end)
    {
        for (long number = first; number < end; number += step)
        {
            var random = new Random(HashCode.Combine(seed, number));
            byte[] input = mutator.Next(random);
            try
            {
                tally.Count(Send(input, number, random));
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"HEADGATE_SEED={seed} input {number}: {Convert.ToBase64String(input)}", wrong);
            }
        }
    }

    private int Send(byte[] input, long number, Random random)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0), ReceiveTimeout = HangMs, SendTimeout = HangMs };
        socket.Bind(new IPEndPoint(new IPAddress([127, (byte)((number >> 16) + 1), (byte)(number >> 8), (byte)number]), 0));
        socket.Connect(gateway);
        int cut = random.Next(8) == 0 ? random.Next(input.Length + 1) : 0;
        try
        {
            socket.Send(input.AsSpan(0, cut));
            socket.Send(input.AsSpan(cut));
            switch (random.Next(10))
            {
                case 0:
                    return 0; // a reset, wherever the gateway is
                case 1:
                    socket.Poll(random.Next(2000), SelectMode.SelectRead);
                    return 0;
                default:
                    socket.Shutdown(SocketShutdown.Send);
                    return ReadToEnd(socket);
            }
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected)
        {
            return 0;
        }
    }

    /// <summary>Status of the first answer; 0 when there was none.</summary>
    private int ReadToEnd(Socket socket)
    {
        int status = -1;
        while (socket.Receive(_buffer) is var count and > 0)
        {
            if (status < 0)
                status = count >= 12 && _buffer.AsSpan().StartsWith("HTTP/1.1 "u8) && int.TryParse(_buffer.AsSpan(9, 3), out int parsed) ? parsed : 0;
        }

        return Math.Max(0, status);
    }
}
