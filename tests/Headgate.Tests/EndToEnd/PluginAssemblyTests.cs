using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>A user's plugin as an assembly of its own, in the executable.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PluginAssemblyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-plugins-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Assembly_InTheFolder_IsAPluginLikeAnyOther()
    {
        Install("TeapotPlugin");
        await using ScriptedNode node = ScriptedNode.StartAnswering("node");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync("  plugin_folder: " + _folder.FullName);
        gateway.Process.Log.ShouldContain("Plugin teapot (priority 2500) is loaded from");
        (await gateway.AdminAsync("GET", "/plugins/list")).Body.ShouldContain("\"teapot\"");
        (await gateway.AdminAsync("GET", "/schema/plugins/teapot")).Body.ShouldContain("short and stout");
        (await gateway.AdminAsync("PUT", "/routes/2", """{"uri":"/x","plugins":{"teapot":{"massage":"x"}}}""")).Status.ShouldBe(400);

        await gateway.RouteAllToAsync(node.Port);
        await gateway.PutAsync("/routes/2", """{"uri":"/tea","upstream_id":"1","plugins":{"teapot":{"message":"no coffee"}}}""");
        await gateway.ServedAsync();
        Tool curl = await Tool.CurlAsync(["-w", " %{http_code}", gateway.Http + "/tea", gateway.Http + "/other"]);
        curl.Output.ShouldBe("no coffee 418node 200");
    }

    [Fact]
    public async Task Assembly_ThatIsNone_IsLeftOut()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "Broken"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Broken", "Broken.dll"), "no assembly", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "Empty"));
        Install("TeapotPlugin");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync("  plugin_folder: " + _folder.FullName);
        gateway.Process.Log.ShouldContain("Broken.dll cannot be loaded");
        gateway.Process.Log.ShouldContain("Empty.dll cannot be loaded");
        (await gateway.AdminAsync("GET", "/plugins/list")).Body.ShouldContain("\"teapot\"");
    }

    private void Install(string name)
    {
        string built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../..", name, "release"));
        DirectoryInfo own = _folder.CreateSubdirectory(name);
        foreach (string file in Directory.EnumerateFiles(built))
            File.Copy(file, Path.Combine(own.FullName, Path.GetFileName(file)));
    }
}
