using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Headgate.Differential.Wire;
using Headgate.Testing;

namespace Headgate.Differential.Peers;

/// <summary>Debian's nginx as a proxy before a recording origin.</summary>
internal sealed partial class NginxPeer : Peer
{
    private readonly RecordingOrigin _origin;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-nginx-");
    private readonly ChildProcess _process;
    private readonly string _errorLog;
    private readonly Dictionary<string, string> _reasons = [];
    private readonly SemaphoreSlim _reading = new(1);
    private long _read;

    private NginxPeer(int port)
        : base("nginx")
    {
        _origin = new RecordingOrigin(Log);
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
        string folder = _folder.FullName;
        _errorLog = Path.Combine(folder, "error.log");
        string config = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(config, Config(folder, port, _origin.Port));
        _process = ChildProcess.Start("nginx", "nginx-light", folder, "-p", folder, "-e", _errorLog, "-c", config);
    }

    /// <inheritdoc/>
    public override IPEndPoint EndPoint { get; }

    /// <inheritdoc/>
    public override RecordingOrigin Origin => _origin;

    /// <summary>Starts both.</summary>
    public static async Task<NginxPeer> StartAsync()
    {
        var peer = new NginxPeer(FreePort());
        await Eventually.HoldsAsync(() => peer._process.HasExited ? throw new InvalidOperationException("nginx ended: " + peer._process.Log) : AcceptsAsync(peer.EndPoint), "nginx listens", 30);
        return peer;
    }

    /// <inheritdoc/>
    public override async ValueTask<string> ReasonAsync(string client, Answer refusal)
    {
        await _reading.WaitAsync();
        try
        {
            if (!_reasons.ContainsKey(client))
                await ReadLogAsync();
            return _reasons.Remove(client, out string? reason) ? reason : $"{refusal.Status}";
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
        await _origin.DisposeAsync();
        _reading.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<bool> AcceptsAsync(IPEndPoint endPoint)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task ReadLogAsync()
    {
        // The reasons of inputs that nobody asked about are kept no longer than this.
        if (_reasons.Count > 10_000)
            _reasons.Clear();
        await using var file = new FileStream(_errorLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = _read;
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        string text = await reader.ReadToEndAsync();
        int whole = text.LastIndexOf('\n') + 1;
        _read += whole;
        foreach (string line in text[..whole].Split('\n'))
        {
            Match match = Refusal().Match(line);
            if (match.Success)
                _reasons[match.Groups["client"].Value] = match.Groups["reason"].Value;
        }
    }

    private static string Config(string folder, int port, int origin) =>
        $$"""
        daemon off; master_process off; pid {{folder}}/pid; error_log {{folder}}/error.log info;
        events { worker_connections 8000; }
        http {
            access_log off; client_max_body_size 0; keepalive_requests 1000000; client_body_buffer_size 1m;
            client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
            upstream origin { server 127.0.0.1:{{origin}}; keepalive 64; keepalive_requests 1000000; }
            server {
                listen 127.0.0.1:{{port}} backlog=4096; server_name default.test;
                location / {
                    proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr;
                    proxy_ignore_client_abort on; proxy_next_upstream off;
                }
            }
        }
        """;

    // 1 client sent invalid header line: "..." while reading client request headers, client: 127.0.1.1, ...: what is behind the colon is the input's.
    [GeneratedRegex(@"\*\d+ (?<reason>.+?)(?:: "".*)?(?: while .*)?, client: (?<client>[\d.]+)")]
    private static partial Regex Refusal();
}
