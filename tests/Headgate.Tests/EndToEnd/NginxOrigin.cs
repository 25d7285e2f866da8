using System.Security.Cryptography;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>
/// Debian's nginx with real files: a process for each port, so that one can be killed alone. Each counts its answers in an access log of its own.
/// </summary>
internal sealed class NginxOrigin : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-origin-");
    private readonly FreePorts _held;
    private readonly ChildProcess[] _processes;

    private NginxOrigin(int processes)
    {
        _held = new FreePorts(processes);
        Root = _folder.CreateSubdirectory("files").FullName;
        _processes = [.. Ports.Select(Launch)];
    }

    public IReadOnlyList<int> Ports => _held.Ports;

    /// <summary>Folder of the files.</summary>
    public string Root { get; }

    public static async Task<NginxOrigin> StartAsync(int processes = 1)
    {
        var origin = new NginxOrigin(processes);
        try
        {
            for (int i = 0; i < processes; i++)
            {
                ChildProcess process = origin._processes[i];
                int port = origin.Ports[i];
                await Eventually.HoldsAsync(() => process.HasExited ? throw new InvalidOperationException("nginx ended: " + process.Log) : FreePorts.AcceptsAsync(port), "nginx listens", 30);
            }

            return origin;
        }
        catch
        {
            await origin.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a file of random bytes and returns them.</summary>
    public byte[] Write(string name, int length)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(length);
        File.WriteAllBytes(Path.Combine(Root, name), bytes);
        return bytes;
    }

    /// <summary>Kills the process of one port in the middle of what it does.</summary>
    public async Task KillAsync(int index)
    {
        _processes[index].Kill();
        await _processes[index].WaitAsync();
    }

    /// <summary>Ends the process of one port as a deployment does, answers under way included, and starts it anew.</summary>
    public async Task RestartAsync(int index)
    {
        _processes[index].Signal("QUIT");
        await _processes[index].WaitAsync();
        await _processes[index].DisposeAsync();
        _processes[index] = Launch(Ports[index]);
        await Eventually.HoldsAsync(() => FreePorts.AcceptsAsync(Ports[index]), "nginx listens again", 30);
    }

    /// <summary>Stops all, so that their access logs are whole, and returns how many requests each answered.</summary>
    public async Task<int[]> StopAndCountAsync()
    {
        foreach (ChildProcess process in _processes.Where(p => !p.HasExited))
        {
            process.Signal("QUIT");
            await process.WaitAsync();
        }

        return [.. Ports.Select(p => File.ReadLines(LogOf(p)).Count())];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess process in _processes)
            await process.DisposeAsync();
        _held.Dispose();
        _folder.Delete(recursive: true);
    }

    private string LogOf(int port) => Path.Combine(_folder.FullName, $"access-{port}.log");

    private ChildProcess Launch(int port)
    {
        string home = _folder.CreateSubdirectory($"{port}").FullName; // its log goes on when it is started again
        string config = Path.Combine(home, "nginx.conf");
        File.WriteAllText(config, Config(home, port));
        return ChildProcess.Start("nginx", "nginx-light", home, "-p", home, "-e", Path.Combine(home, "error.log"), "-c", config);
    }

    private string Config(string home, int port) =>
        $$"""
        daemon off; master_process off; pid {{home}}/pid; error_log {{home}}/error.log;
        events { worker_connections 1000; }
        http {
            log_format path "$request_uri"; access_log {{LogOf(port)}} path buffer=64k;
            types { text/plain txt; } default_type application/octet-stream;
            gzip on; gzip_types text/plain; gzip_min_length 100; gzip_http_version 1.0; gzip_proxied any;
            keepalive_timeout 60s; keepalive_requests 1000000; root {{Root}};
            client_body_temp_path {{home}}/body; proxy_temp_path {{home}}/proxy; fastcgi_temp_path {{home}}/f; uwsgi_temp_path {{home}}/u; scgi_temp_path {{home}}/s;
            server { listen 127.0.0.1:{{port}}; }
        }
        """;
}
