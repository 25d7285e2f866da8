using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Headgate.Testing;

/// <summary>
/// Members of Debian's <c>etcd</c> on free ports of the loopback, or of another address, with their data in a folder of their own that goes with them. Elections take half a second, so that faults show soon.
/// </summary>
public sealed class EtcdProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("headgate-etcd-").FullName;
    private readonly string[] _more;
    private readonly string _scheme;
    private readonly IPAddress _address;
    private readonly int[] _clientPorts;
    private readonly int[] _peerPorts;
    private readonly ChildProcess[] _members;

    private EtcdProcess(int members, string scheme, IPAddress address, string[] more)
    {
        (_scheme, _address, _more) = (scheme, address, more);
        int[] ports = FreePorts(address, members * 2);
        (_clientPorts, _peerPorts) = (ports[..members], ports[members..]);
        _members = [.. Enumerable.Range(0, members).Select(Launch)];
    }

    /// <summary>Addresses of the members' clients.</summary>
    public IReadOnlyList<Uri> Endpoints => [.. Enumerable.Range(0, _clientPorts.Length).Select(member => new Uri(Client(member)))];

    /// <summary>Starts a cluster, with further arguments for each member; it answers when this returns.</summary>
    public static Task<EtcdProcess> StartAsync(int members = 1, string scheme = "http", params string[] more) => StartAsync(new EtcdProcess(members, scheme, IPAddress.Loopback, more));

    /// <summary>Starts a member on another address than the loopback; it answers when this returns.</summary>
    public static Task<EtcdProcess> StartOnAsync(IPAddress address) => StartAsync(new EtcdProcess(1, "http", address, []));

    /// <summary>SIGSTOP, SIGCONT, ...: the name without "SIG".</summary>
    public void Signal(int member, string name) => _members[member].Signal(name);

    /// <summary>Kills a member; what it has written is there when it is started again.</summary>
    public Task KillAsync(int member)
    {
        _members[member].Kill();
        return _members[member].WaitAsync();
    }

    /// <summary>Starts a member again, on its ports. Does not wait for it to be ready: it may have nobody to agree with.</summary>
    public void Restart(int member) => _members[member] = Launch(member);

    /// <summary>Deletes what a killed member has written.</summary>
    public void Forget(int member) => Directory.Delete(Path.Combine(_folder, $"m{member}"), recursive: true);

    /// <summary>What a member answers to a question of the JSON gateway.</summary>
    public async Task<string> AskAsync(string path, string question, int member = 0)
    {
        Tool done = await Tool.CurlAsync("-k", "--max-time", "20", new Uri(Endpoints[member], path).ToString(), "-d", question);
        return done.ExitCode == 0 ? done.Output : throw new InvalidOperationException($"curl {path}: {done.Error}");
    }

    /// <summary>Deletes every key.</summary>
    public Task WipeAsync() => AskAsync("/v3/kv/deleterange", """{"key":"AA==","range_end":"AA=="}""");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess member in _members)
        {
            if (!member.HasExited)
                member.Signal("CONT");
            await member.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<EtcdProcess> StartAsync(EtcdProcess etcd)
    {
        await Task.WhenAll(Enumerable.Range(0, etcd._members.Length).Select(etcd.ServesAsync));
        return etcd;
    }

    private static int[] FreePorts(IPAddress address, int count)
    {
        Socket[] probes = [.. Enumerable.Range(0, count).Select(static _ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];
        foreach (Socket probe in probes)
            probe.Bind(new IPEndPoint(address, 0));
        int[] ports = [.. probes.Select(static probe => ((IPEndPoint)probe.LocalEndPoint!).Port)];
        foreach (Socket probe in probes)
            probe.Dispose();
        return ports;
    }

    private string Client(int member) => string.Create(CultureInfo.InvariantCulture, $"{_scheme}://{_address}:{_clientPorts[member]}");

    private ChildProcess Launch(int member)
    {
        string Peer(int index) => string.Create(CultureInfo.InvariantCulture, $"http://{_address}:{_peerPorts[index]}");
        return ChildProcess.Start(
            "etcd", "etcd-server", _folder,
            [
                "--name", $"m{member}", "--data-dir", $"m{member}", "--listen-client-urls", Client(member), "--advertise-client-urls", Client(member),
                "--listen-peer-urls", Peer(member), "--initial-advertise-peer-urls", Peer(member),
                "--initial-cluster", string.Join(',', Enumerable.Range(0, _peerPorts.Length).Select(index => $"m{index}={Peer(index)}")),
                "--heartbeat-interval", "50", "--election-timeout", "500", "--logger", "zap", .. _more,
            ]);
    }

    private Task ServesAsync(int member) => Eventually.HoldsAsync(
        () => _members[member].HasExited
            ? throw new InvalidOperationException($"etcd has ended:\n{_members[member].Log}")
            : _members[member].Log.Contains("serving client traffic", StringComparison.Ordinal) || _members[member].Log.Contains("serving insecure client", StringComparison.Ordinal),
        "etcd serves");
}
