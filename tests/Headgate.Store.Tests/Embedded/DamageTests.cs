using System.Buffers.Binary;
using System.Security.Cryptography;
using Headgate.Store.Embedded;
using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Tests.Embedded;

/// <summary>A store that cannot be trusted is refused, and every file of it stays byte for byte as it was.</summary>
public sealed class DamageTests
{
    private const int PageBytes = 4096;

    [Theory]
    [InlineData("garbage", "is not a SQLite database")]
    [InlineData("empty", "is cut off: it has 0 bytes")]
    [InlineData("header cut off", "is cut off: it has 60 bytes")]
    [InlineData("last page cut off", "")]
    [InlineData("half cut off", "")]
    [InlineData("schema page zeroed", "is not a SQLite database")]
    [InlineData("entries zeroed", "")]
    [InlineData("other program", "belongs to another program (application id 7, Headgate's is 1214531444)")]
    [InlineData("newer schema", "was written by a newer Headgate (schema 2; this one knows 1). Start that version")]
    [InlineData("no schema", "has schema 0, which no Headgate writes")]
    [InlineData("history lost", "is damaged: its entries and its history do not belong together")]
    public async Task OpenAsync_DamagedFile_IsRefusedAndUntouched(string damage, string problem)
    {
        using TempFolder folder = await MakeStoreAsync(clean: true);
        Damage(folder.Database, damage);
        await ShouldBeRefusedUntouchedAsync(folder, problem);
    }

    [Theory]
    [InlineData("garbage", "is not a SQLite database")]
    [InlineData("schema page zeroed", "is not a SQLite database")]
    [InlineData("half cut off", "")]
    [InlineData("all but the schema page zeroed", "")]
    public async Task OpenAsync_DamagedFileWithLogOfACrash_IsRefusedAndUntouched(string damage, string problem)
    {
        using TempFolder folder = await MakeStoreAsync(clean: false);
        File.Exists(folder.Database + "-wal").ShouldBeTrue();
        File.Exists(folder.Database + "-shm").ShouldBeTrue();
        Damage(folder.Database, damage);
        await ShouldBeRefusedUntouchedAsync(folder, problem);
    }

    [Fact]
    public async Task OpenAsync_NewerSchemaStillInTheLog_IsRefusedAndUntouched()
    {
        using TempFolder folder = await MakeStoreAsync(clean: true);
        using (SqliteDatabase newer = SqliteDatabase.Open(folder.Database, readOnly: false))
        {
            newer.KeepLogOnClose();
            newer.Execute("PRAGMA user_version = 2");
        }

        await ShouldBeRefusedUntouchedAsync(folder, "was written by a newer Headgate (schema 2");
    }

    [Fact]
    public async Task OpenAsync_LogWithoutDatabase_IsRefusedAndUntouched()
    {
        using TempFolder folder = await MakeStoreAsync(clean: false);
        File.Delete(folder.Database);
        await ShouldBeRefusedUntouchedAsync(folder, "is missing, but its write-ahead log");
    }

    [Fact]
    public async Task OpenAsync_CreationWasInterrupted_MakesTheStoreAnew()
    {
        using TempFolder folder = TempFolder.OnDisk();
        await File.WriteAllTextAsync(folder.Database + ".new", "half a database", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.Database + ".new-wal", "half a log", TestContext.Current.CancellationToken);

        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path);

        (await store.PutAsync(("/a", "1"))).Revision.ShouldBe(1);
        File.Exists(folder.Database + ".new").ShouldBeFalse();
    }

    private static async Task ShouldBeRefusedUntouchedAsync(TempFolder folder, string problem)
    {
        string before = Digest(folder.Path);

        StoreUnavailableException refusal = await Should.ThrowAsync<StoreUnavailableException>(() => EmbeddedStores.OpenAsync(folder.Path));

        refusal.Message.ShouldStartWith($"The database {folder.Database} ");
        refusal.Message.ShouldContain(problem);
        refusal.Message.ShouldContain(problem.StartsWith("is missing", StringComparison.Ordinal) ? "move the log away" : "it was left as it is");
        Digest(folder.Path).ShouldBe(before);
    }

    /// <summary>A store of some hundred keys with a history; one that was not closed clean has a log and its index beside it.</summary>
    private static async Task<TempFolder> MakeStoreAsync(bool clean)
    {
        TempFolder folder = TempFolder.OnDisk();
        await using (EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path))
        {
            for (int i = 0; i < 300; i++)
            {
                await store.PutAsync(($"/k/{i % 200}", $"{i} {new string('v', 500)}"));
            }
        }

        if (!clean)
        {
            using CrasherProcess steady = CrasherProcess.Start("storm", folder.Path, "1");
            for (int i = 0; i < 50; i++)
            {
                await steady.ReadLineAsync();
            }

            steady.Kill();
            await steady.WaitAsync();
        }

        File.Delete(Path.Combine(folder.Path, "headgate.lock"));
        return folder;
    }

    private static void Damage(string database, string damage)
    {
        switch (damage)
        {
            case "newer schema": Execute(database, "PRAGMA user_version = 2"); return;
            case "no schema": Execute(database, "PRAGMA user_version = 0"); return;
            case "history lost": Execute(database, "DELETE FROM revisions WHERE revision > 250"); return;
            case "entries zeroed": ZeroEntries(database); return;
        }

        byte[] bytes = File.ReadAllBytes(database);
        bytes = damage switch
        {
            "garbage" => [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * 31))],
            "empty" => [],
            "header cut off" => bytes[..60],
            "last page cut off" => bytes[..^PageBytes],
            "half cut off" => bytes[..(bytes.Length / 2)],
            "schema page zeroed" => [.. new byte[PageBytes], .. bytes[PageBytes..]],
            "all but the schema page zeroed" => [.. bytes[..PageBytes], .. new byte[bytes.Length - PageBytes]],
            "other program" => WithApplicationId(bytes, 7),
            _ => throw new ArgumentException(damage, nameof(damage)),
        };
        File.WriteAllBytes(database, bytes);
    }

    private static byte[] WithApplicationId(byte[] bytes, int id)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(68), id);
        return bytes;
    }

    private static void ZeroEntries(string database)
    {
        SqliteEngine.EnsureLoaded();
        long page;
        using (FileStream file = new(database, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            // The root page of the entries, as SQLite's own table of tables says; read from a copy, so that no log is touched.
            string copy = database + ".copy";
            File.Copy(database, copy);
            using (SqliteDatabase reader = SqliteDatabase.Open(copy, readOnly: false))
            {
                page = long.Parse(reader.QueryText("SELECT rootpage FROM sqlite_schema WHERE name = 'entries'")!, null);
            }

            File.Delete(copy);
            file.Position = (page - 1) * PageBytes;
            file.Write(new byte[PageBytes]);
        }
    }

    private static void Execute(string database, string sql)
    {
        using SqliteDatabase opened = SqliteDatabase.Open(database, readOnly: false);
        opened.Execute(sql);
    }

    // The lock file is this program's own mark and says nothing about the store.
    private static string Digest(string folder) =>
        string.Join('\n', Directory.GetFiles(folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Order()
            .Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
