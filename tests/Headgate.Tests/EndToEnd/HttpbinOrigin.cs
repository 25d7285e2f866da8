using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Debian's httpbin under gunicorn on one port.</summary>
internal sealed class HttpbinOrigin : IAsyncDisposable
{
    private readonly FreePorts _held = new(1);
    private readonly ChildProcess _process;

    private HttpbinOrigin()
    {
        // Debian's Python, whatever else the user's path finds first.
        _process = ChildProcess.Start(
            "/usr/bin/python3", "python3-httpbin, gunicorn", Path.GetTempPath(),
            "-m", "gunicorn", "--bind", $"127.0.0.1:{Port}", "--worker-class", "gthread", "--threads", "16", "--keep-alive", "60", "httpbin:app");
    }

    public int Port => _held.Ports[0];

    public static async Task<HttpbinOrigin> StartAsync()
    {
        var origin = new HttpbinOrigin();
        try
        {
            await Eventually.HoldsAsync(
                () => origin._process.HasExited ? throw new InvalidOperationException("gunicorn ended (./test installs python3-httpbin and gunicorn): " + origin._process.Log) : FreePorts.AcceptsAsync(origin.Port),
                "httpbin listens", 60);
            return origin;
        }
        catch
        {
            await origin.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // By its own signal, so that it ends its worker process.
        if (!_process.HasExited)
            _process.Signal("QUIT");
        await _process.WaitAsync();
        await _process.DisposeAsync();
        _held.Dispose();
    }
}
