using System.Net.Sockets;
using System.Text;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>A client that asks and waits on one connection. What arrives without having been asked for is taken for the next answer, as clients do.</summary>
internal sealed class AskingClient(Socket socket) : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly byte[] _buffer = new byte[65_536];
    private string _rest = "";

    public async Task<Answer> AskAsync(string request)
    {
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        return await ReadAsync(request.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    public Task SendAsync(string text) => socket.SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task<Answer> ReadAsync(bool toHead = false)
    {
        Answer? answer;
        int length;
        while (!Answer.TryReadFirst(_rest, toHead, out answer, out length))
            await FillAsync();
        _rest = _rest[length..];
        return answer;
    }

    /// <summary>Reads until <paramref name="text"/> has arrived.</summary>
    public async Task WaitForAsync(string text)
    {
        while (!_rest.Contains(text, StringComparison.Ordinal))
            await FillAsync();
    }

    public void Dispose() => socket.Dispose();

    private async Task FillAsync()
    {
        Task<int> receive = socket.ReceiveAsync(_buffer);
        int count = await receive.WaitAsync(Bound, TestContext.Current.CancellationToken);
        _rest += count > 0 ? Encoding.Latin1.GetString(_buffer, 0, count) : throw new EndOfStreamException("the connection ended behind: " + _rest);
    }
}
