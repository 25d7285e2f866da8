using System.Diagnostics;
using System.Net.Sockets;

namespace Headgate.Proxy.Tests.Http1.Peers;

/// <summary>
/// Debian's nginx as one process on a Unix socket in a folder of its own. It reads each request whole, body included (it buffers it for a second server of its
/// own), and answers with method and $uri: what it understood.
/// </summary>
internal sealed class NginxPeer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-nginx-");
    private readonly Process _process;

    private NginxPeer()
    {
        string config = Path.Combine(_folder.FullName, "nginx.conf");
        File.WriteAllText(config, Config(_folder.FullName));
        _process = Process.Start(new ProcessStartInfo("nginx", ["-p", _folder.FullName, "-e", Path.Combine(_folder.FullName, "error.log"), "-c", config]) { RedirectStandardError = true })
            ?? throw new InvalidOperationException("nginx did not start; the tests need Debian's package nginx-light or nginx.");
    }

    internal string SocketPath => Path.Combine(_folder.FullName, "front.sock");

    internal static async Task<NginxPeer> StartAsync(CancellationToken cancellation)
    {
        NginxPeer peer = new();
        for (long start = Stopwatch.GetTimestamp(); !await AcceptsAsync(peer.SocketPath, cancellation);)
        {
            if (peer._process.HasExited || Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(20))
                throw new InvalidOperationException("nginx did not listen: " + (peer._process.HasExited ? await peer._process.StandardError.ReadToEndAsync(cancellation) : "no answer in 20 s"));
            await Task.Delay(10, cancellation);
        }

        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<bool> AcceptsAsync(string path, CancellationToken cancellation)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Config(string folder) =>
        $$"""
        daemon off; master_process off; pid {{folder}}/pid; error_log {{folder}}/error.log;
        events { worker_connections 1000; }
        http {
            access_log off; default_type text/plain; client_header_timeout 1s; client_body_timeout 1s; keepalive_timeout 1s;
            client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
            server {
                listen unix:{{folder}}/front.sock;
                location / {
                    proxy_set_header X-Seen-Method $request_method;
                    proxy_set_header X-Seen-Uri $uri;
                    proxy_method GET;
                    proxy_pass http://unix:{{folder}}/back.sock:/seen;
                }
            }
            server {
                listen unix:{{folder}}/back.sock;
                location / { return 200 "$http_x_seen_method $http_x_seen_uri"; }
            }
        }
        """;
}
