using Headgate.Proxy.Tls;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Tls;

/// <summary>Certificate files that change while a listener uses them.</summary>
public sealed class CertificateFilesTests : IDisposable
{
    private const int ReadAgain = 1230;
    private const int NotUsable = 1231;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-test-");
    private readonly TestCertificates _authority = new();
    private readonly ManualTimeProvider _time = new();
    private readonly RecordedLog<CertificateFiles> _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Cert => Path.Combine(_folder.FullName, "cert.pem");

    private string Key => Path.Combine(_folder.FullName, "cert.key");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _authority.Dispose();
    }

    [Fact]
    public async Task Renewal_OneFileAfterTheOther_IsTakenUpWithoutAWord()
    {
        (string certificate, string key) = _authority.IssuePem("second.test");
        using CertificateFiles files = await StartAsync();

        await File.WriteAllTextAsync(Cert, certificate, Token);
        _time.Advance(TimeSpan.FromSeconds(2));
        Shown(files).ShouldBe("CN=first.test");
        await File.WriteAllTextAsync(Key, key, Token);

        await LookUntilAsync(() => Shown(files) == "CN=second.test");
        _log.Of(ReadAgain).ShouldHaveSingleItem().ShouldStartWith("1230 the.cert was read again: new connections are shown CN=second.test, valid until ");
        _log.Of(NotUsable).ShouldBeEmpty();
    }

    [Fact]
    public async Task Renewal_LinkTurnedToAnOlderFile_IsTakenUp()
    {
        (string certificate, string key) = _authority.IssuePem("second.test");
        string second = Path.Combine(_folder.FullName, "second.pem");
        await File.WriteAllTextAsync(second, certificate + "\n" + key, Token);
        File.SetLastWriteTimeUtc(second, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using CertificateFiles files = await StartAsync();

        foreach (string path in (string[])[Cert, Key])
        {
            File.CreateSymbolicLink(path + ".new", second);
            File.Move(path + ".new", path, overwrite: true);
        }

        await LookUntilAsync(() => Shown(files) == "CN=second.test");
    }

    [Fact]
    public async Task FileGone_KeepsTheLastGoodOne_AndIsLoggedOnce()
    {
        using CertificateFiles files = await StartAsync();
        string key = await File.ReadAllTextAsync(Key, Token);

        File.Delete(Key);
        await LookUntilAsync(() => _log.Of(NotUsable).Length > 0);
        for (int i = 0; i < 10; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Shown(files).ShouldBe("CN=first.test");
        await File.WriteAllTextAsync(Key, key, Token);
        await LookUntilAsync(() => _log.Of(ReadAgain).Length > 0);

        _log.Of(NotUsable).ShouldHaveSingleItem().ShouldContain($"the.cert, the.key: {Cert} and {Key} are no certificate with its key in PEM: Could not find file");
        _log.Lines.ShouldAllBe(line => !line.Contains("PRIVATE"));
    }

    [Fact]
    public void Authorities_WithoutARoot_AreRefused()
    {
        WriteFirst();
        using var below = new TestCertificates(_authority);
        string bundle = Path.Combine(_folder.FullName, "ca.pem");
        File.WriteAllText(bundle, below.AuthorityPem);

        Should.Throw<CertificateFileException>(() => Open(new SettingFile("the.ca", bundle))).Message.ShouldStartWith($"the.ca: {bundle} is no bundle of authorities in PEM: it holds no root");
    }

    private static string Shown(CertificateFiles files) => files.NewOptions().ServerCertificateContext!.TargetCertificate.Subject;

    /// <summary>Moves the clock by a second again and again.</summary>
    private Task LookUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        "the files are read");

    private async Task<CertificateFiles> StartAsync()
    {
        WriteFirst();
        CertificateFiles files = Open(null);
        await files.StartAsync(Token);
        await Eventually.HoldsAsync(() => _time.ActiveTimers > 0, "it looks at the files");
        return files;
    }

    private CertificateFiles Open(SettingFile? authorities) => new(new SettingFile("the.cert", Cert), new SettingFile("the.key", Key), authorities, _time, _log);

    private void WriteFirst()
    {
        (string certificate, string key) = _authority.IssuePem("first.test");
        File.WriteAllText(Cert, certificate);
        File.WriteAllText(Key, key);
    }
}
