using System.Diagnostics;
using Headgate.Store.Embedded;

namespace Headgate.Store.Tests.Embedded;

public sealed class FolderTests
{
    [Fact]
    public async Task OpenAsync_AnotherProcessHoldsTheFolder_IsRefusedWithItsPid()
    {
        using TempFolder folder = TempFolder.OnDisk();
        using CrasherProcess holder = CrasherProcess.Start("hold", folder.Path);
        (await holder.ReadLineAsync()).ShouldBe($"holding {holder.Id}");

        StoreUnavailableException refusal = await Should.ThrowAsync<StoreUnavailableException>(() => EmbeddedStores.OpenAsync(folder.Path));

        refusal.Message.ShouldStartWith($"The data folder {folder.Path} is in use by process {holder.Id} on {Environment.MachineName}.");
        holder.EndInput();
        (await holder.WaitAsync()).ShouldBe(0);
        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path);
    }

    [Fact]
    public async Task OpenAsync_ThisProcessHoldsTheFolder_IsRefusedInBoth()
    {
        using TempFolder folder = TempFolder.OnDisk();
        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path);

        (await Should.ThrowAsync<StoreUnavailableException>(() => EmbeddedStores.OpenAsync(folder.Path))).Message.ShouldContain($"process {Environment.ProcessId} ");
        using CrasherProcess second = CrasherProcess.Start("hold", folder.Path);
        (await second.ReadLineAsync()).ShouldNotBeNull().ShouldStartWith($"refused The data folder {folder.Path} is in use by process {Environment.ProcessId} ");
        (await second.WaitAsync()).ShouldBe(3);
        (await store.PutAsync(("/a", "1"))).Applied.ShouldBeTrue();
    }

    [Fact]
    public async Task OpenAsync_NewFolder_IsForItsOwnerAlone()
    {
        using TempFolder folder = TempFolder.OnDisk();
        string path = Path.Combine(folder.Path, "below", "data");
        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(path);
        await store.PutAsync(("/a", "1"));
        await store.ReadAllAsync();

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string[] files = Directory.GetFiles(path);
        files.Select(Path.GetFileName).Order().ShouldBe(["headgate.db", "headgate.db-shm", "headgate.db-wal", "headgate.lock"]);
        files.ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task OpenAsync_PathIsAFile_SaysSo()
    {
        using TempFolder folder = TempFolder.OnDisk();
        string path = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(path, "x", TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<StoreUnavailableException>(() => EmbeddedStores.OpenAsync(path))).Message
            .ShouldStartWith($"The data folder {path} cannot be used: ");
    }

    [Fact]
    public async Task DisposeAsync_LastThing_MovesTheLogIntoTheDatabase()
    {
        using TempFolder folder = TempFolder.OnDisk();
        EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path);
        await store.PutAsync(("/a", "1"));
        await store.DisposeAsync();
        await store.DisposeAsync();

        Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order().ShouldBe(["headgate.db", "headgate.lock"]);
    }

    // A process that is being started holds copies of all open files until it runs its own program; the lock must not live on in one.
    [Fact]
    public async Task DisposeAsync_WhileProcessesAreStarted_FreesTheFolder()
    {
        using TempFolder folder = TempFolder.InMemory();
        using CancellationTokenSource enough = new();
        Task starting = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                using Process process = Process.Start("true");
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        });
        for (int i = 0; i < 300; i++)
        {
            await (await EmbeddedStores.OpenAsync(folder.Path)).DisposeAsync();
        }

        await enough.CancelAsync();
        await starting;
    }
}
