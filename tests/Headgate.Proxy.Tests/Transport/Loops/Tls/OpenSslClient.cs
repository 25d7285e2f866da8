using System.Diagnostics;
using System.Globalization;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>OpenSSL's own client, the command <c>openssl s_client</c>. What is written to it is sent, but a line with R, k or K alone is an order (its man page has them).</summary>
internal sealed class OpenSslClient : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private readonly Task _reading;

    private OpenSslClient(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Both of its outputs so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Whether the command has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Connects. Without <c>-ign_eof</c> among the options it understands orders.</summary>
    public static OpenSslClient Start(int port, params string[] options)
    {
        string[] arguments = ["s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), .. options];
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return new OpenSslClient(Process.Start(start)!);
    }

    /// <summary>Connects, sends one request after which the gateway closes, and returns all that was written when it has ended.</summary>
    public static async Task<string> AskAsync(int port, params string[] options)
    {
        await using OpenSslClient client = Start(port, ["-ign_eof", .. options]);
        await client.SendAsync(TlsGateway.LastGet);
        return await client.ToEndAsync();
    }

    /// <summary>Writes to its input; nothing happens when it has ended.</summary>
    public async Task SendAsync(string text)
    {
        try
        {
            await _process.StandardInput.WriteAsync(text);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended, which its output tells.
        }
    }

    /// <summary>Waits until it has written <paramref name="text"/> so many times, or has ended.</summary>
    public Task WaitForAsync(string text, int times = 1) =>
        Eventually.HoldsAsync(() => Output.Split(text).Length > times || (_process.HasExited && _reading.IsCompleted), $"s_client writes {text}");

    /// <summary>All that it wrote, once it has ended.</summary>
    public async Task<string> ToEndAsync()
    {
        await _reading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return Output;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        char[] buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            lock (_output)
                _output.Append(buffer, 0, count);
        }
    }
}
