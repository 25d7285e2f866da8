using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>Lets real TLS clients connect, and peeks at what they say first.</summary>
internal static class HelloRecorder
{
    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    /// <summary>What .NET's client says.</summary>
    public static Task<byte[]> OfSslStreamAsync(SslClientAuthenticationOptions options) => RecordAsync(async port =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Bound);
        await using var tls = new SslStream(client.GetStream());
        await Should.ThrowAsync<IOException>(() => tls.AuthenticateAsClientAsync(options, Bound));
    });

    /// <summary>What a command says; <c>{port}</c> in its arguments is the port to connect to.</summary>
    public static Task<byte[]> OfCommandAsync(string command, params string[] arguments) => RecordAsync(async port =>
    {
        string[] given = [.. arguments.Select(a => a.Replace("{port}", port.ToString()))];
        var start = new ProcessStartInfo(command, given) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        await process.WaitForExitAsync(Bound).WaitAsync(TimeSpan.FromSeconds(30), Bound);
    });

    private static async Task<byte[]> RecordAsync(Func<int, Task> client)
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        Task connecting = client(((IPEndPoint)listening.LocalEndPoint!).Port);
        byte[] buffer = new byte[ClientHello.BytesMax];
        int count = 0;
        using (Socket socket = await listening.AcceptAsync(Bound))
        {
            await Eventually.HoldsAsync(
                () =>
                {
                    count = socket.Available == 0 ? 0 : socket.Receive(buffer, SocketFlags.Peek);
                    return ClientHello.Read(buffer.AsSpan(0, count)).Status != ClientHelloStatus.NeedMore;
                },
                "a whole ClientHello");
            socket.LingerState = new LingerOption(true, 0);
        }

        await connecting;
        return buffer[..count];
    }
}
