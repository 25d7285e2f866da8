using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Headgate.Testing;

/// <summary>Debian's <c>dnsmasq</c> on a free port of the loopback, which knows what its arguments say and asks nobody.</summary>
public sealed class DnsmasqProcess : IAsyncDisposable
{
    private readonly string[] _arguments;
    private ChildProcess _process;

    private DnsmasqProcess(int port, string[] arguments)
    {
        (EndPoint, _arguments) = (new IPEndPoint(IPAddress.Loopback, port), arguments);
        _process = Launch();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Starts one with options as in its manual page, such as <c>--host-record=a.test,127.0.0.1</c>; it answers when this returns.</summary>
    public static async Task<DnsmasqProcess> StartAsync(params string[] options)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)probe.LocalEndPoint!).Port;
        probe.Close();
        var started = new DnsmasqProcess(port, options);
        await started.ListensAsync();
        return started;
    }

    /// <summary>Kills it; it answers no more.</summary>
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

    /// <summary>SIGHUP: it reads its files of hosts again.</summary>
    public void Reload() => _process.Signal("HUP");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private ChildProcess Launch() => ChildProcess.Start(
        "dnsmasq", "dnsmasq-base", Path.GetTempPath(),
        [
            "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--pid-file", "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--port={EndPoint.Port}"), $"--user={Environment.UserName}", "--local=/test/", .. _arguments,
        ]);

    private Task ListensAsync() => Eventually.HoldsAsync(
        () => _process.HasExited ? throw new InvalidOperationException($"dnsmasq has ended:\n{_process.Log}") : _process.Log.Contains("started, version"),
        "dnsmasq answers");
}
