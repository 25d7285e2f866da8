using System.Security.Cryptography;

namespace Headgate.Testing;

/// <summary>
/// A program on Node that uses packages of npm: a folder beside the tests with <c>package.json</c>, <c>package-lock.json</c> and scripts. The packages are installed once, as the lock file
/// names them, and none of their own scripts is run.
/// </summary>
public static class NpmProgram
{
    private const string Package = "nodejs";
    private const string Stamp = "node_modules/.installed";

    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>Runs a script of <paramref name="folder"/>, a path below the tests' own; fails unless it ends with 0. Its standard output.</summary>
    public static async Task<string> RunAsync(string folder, string script, params IReadOnlyList<string> arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, folder);
        await Turn.WaitAsync();
        try
        {
            await InstallAsync(path);
        }
        finally
        {
            Turn.Release();
        }

        Tool done = await Tool.RunAsync("node", Package, [Path.Combine(path, script), .. arguments]);
        return done.ExitCode == 0 ? done.Output : throw new InvalidOperationException($"node {script} ended with {done.ExitCode}: {done.Error}");
    }

    private static async Task InstallAsync(string path)
    {
        string wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(path, "package-lock.json"))));
        string stamp = Path.Combine(path, Stamp);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
            return;
        Tool done = await Tool.RunAsync("npm", "npm", ["ci", "--prefix", path, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
        if (done.ExitCode != 0)
            throw new InvalidOperationException($"npm ci in {path} ended with {done.ExitCode}: {done.Error}");
        await File.WriteAllTextAsync(stamp, wanted);
    }
}
