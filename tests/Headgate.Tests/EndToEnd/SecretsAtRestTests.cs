using System.Text;

namespace Headgate.Tests.EndToEnd;

/// <summary>Secrets in the data folder of a real process: what lies there, and what a restart makes of it.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class SecretsAtRestTests : IDisposable
{
    private const string Token = "hush-hush-hush";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-run-");

    private string Ring => Path.Combine(_folder.FullName, "data", "encryption.keys");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Secret_IsInNoFile_AndIsBackAfterARestart()
    {
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName))
        {
            await gateway.PutAsync("/secrets/vault/1", $$"""{"uri":"http://127.0.0.1:8200","prefix":"kv","token":"{{Token}}"}""");
            (await gateway.AdminAsync("GET", "/secrets/vault/1")).Body.ShouldContain(Token);
            (await gateway.StopAsync()).ShouldBe(0);
        }

        File.GetUnixFileMode(Ring).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Ring)!))
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Token)).ShouldBe(-1, file);

        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);
        (await again.AdminAsync("GET", "/secrets/vault/1")).Body.ShouldContain(Token);
    }
}
