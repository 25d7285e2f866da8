using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Headgate.Testing;

/// <summary>Debian's <c>redis-server</c> on a free port of the loopback, which keeps nothing on disk.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly string[] _arguments;
    private ChildProcess _process;

    private RedisProcess(int port, string[] arguments)
    {
        (Port, _arguments) = (port, arguments);
        _process = Launch();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts one, with further arguments; it takes connections when this returns.</summary>
    public static Task<RedisProcess> StartAsync(params string[] more) => StartAsync(port => ["--port", port, .. more]);

    /// <summary>Starts one that speaks TLS only, with the certificate and key of these PEM files.</summary>
    public static Task<RedisProcess> StartTlsAsync(string certificate, string key) => StartAsync(
        port => ["--port", "0", "--tls-port", port, "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no"]);

    /// <summary>SIGSTOP, SIGCONT, ...: the name without "SIG".</summary>
    public void Signal(string name) => _process.Signal(name);

    /// <summary>Kills it; all that it knew is gone.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitAsync();
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, on the same port.</summary>
    public Task RestartAsync()
    {
        _process = Launch();
        return ListensAsync();
    }

    /// <summary>What <c>redis-cli</c> prints for a command.</summary>
    public async Task<string> CommandAsync(params string[] command) =>
        (await Tool.RunAsync("redis-cli", "redis-tools", ["-p", Port.ToString(CultureInfo.InvariantCulture), .. command])).Output;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<RedisProcess> StartAsync(Func<string, string[]> arguments)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)probe.LocalEndPoint!).Port;
        probe.Close();
        var redis = new RedisProcess(port, arguments(port.ToString(CultureInfo.InvariantCulture)));
        await redis.ListensAsync();
        return redis;
    }

    private ChildProcess Launch() => ChildProcess.Start(
        "redis-server", "redis-server", Path.GetTempPath(), ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. _arguments]);

    private Task ListensAsync() => Eventually.HoldsAsync(
        () => _process.HasExited ? throw new InvalidOperationException($"redis-server has ended:\n{_process.Log}") : _process.Log.Contains("Ready to accept connections"),
        "redis-server takes connections");
}
