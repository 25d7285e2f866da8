using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config;
using Headgate.Proxy.Files;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Tls;

/// <summary>
/// What the clients of one HTTP/1.1 listener are shown and asked for, from PEM files. While it runs the files are looked at every second; what is in them from then on, new connections
/// get. Files that cannot be used leave what was read before in service.
/// </summary>
public sealed class CertificateFiles : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long files have to be bad to be spoken of: certificate and key are written one after the other, and do not fit in between.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);

    private readonly Watched _certificate;
    private readonly Watched _key;
    private readonly Watched? _authorities;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Of the loop alone.
    private long? _badSince;
    private bool _isBadLogged;

    // Written by the loop, read by every handshake. The one before goes with the last handshake that uses it.
    private volatile TlsCertificate _current;

    /// <summary>Reads the files.</summary>
    /// <param name="certificate">The listener's own certificate, then those between it and a root, in any order.</param>
    /// <param name="key">The certificate's private key.</param>
    /// <param name="authorities">Authorities of which clients must have a certificate, their roots among them; null = clients are asked for none.</param>
    /// <param name="time">Clock of the looks.</param>
    /// <param name="logger">Where it is said that files have changed.</param>
    /// <exception cref="CertificateFileException">They cannot be used.</exception>
    public CertificateFiles(SettingFile certificate, SettingFile key, SettingFile? authorities, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        (_time, _logger) = (time, logger);
        (_certificate, _key) = (new Watched(certificate, time), new Watched(key, time));
        _authorities = authorities is null ? null : new Watched(authorities, time);
        _ = HaveChanged();
        _current = Compile().Offered;
    }

    /// <summary>A certificate and its key, read once.</summary>
    /// <exception cref="CertificateFileException">They cannot be used.</exception>
    public static ServerCertificate Load(SettingFile certificate, SettingFile key) => Pair(certificate, key, () => ServerCertificate.FromPemFiles(certificate.Path, key.Path));

    /// <summary>
    /// For a handshake that begins now; used for it alone. With authorities it succeeds only for who has a certificate of one of them, for clients and valid now. Any thread, never blocks.
    /// </summary>
    public SslServerAuthenticationOptions NewOptions()
    {
        TlsCertificate current = _current;
        return current.OptionsFor(http2: false, new ClientTls(current, []));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private void Look()
    {
        try
        {
            if (!HaveChanged() && _badSince is null)
                return;
            (_current, ServerCertificate shown) = Compile();
            (_badSince, _isBadLogged) = (null, false);
            CertificateFilesLog.ReadAgain(_logger, _certificate.File.Setting, shown.Leaf.Subject, shown.Leaf.NotAfter.ToUniversalTime());
        }
        catch (CertificateFileException e)
        {
            _badSince ??= _time.GetTimestamp();
            if (_isBadLogged || _time.GetElapsedTime(_badSince.Value) < SettleTime)
                return;
            CertificateFilesLog.NotUsable(_logger, e.Message);
            _isBadLogged = true;
        }
    }

    private bool HaveChanged() =>
        Pair(_certificate.File, _key.File, () => _certificate.HasChanged() | _key.HasChanged()) | (_authorities is not null && Authorities(_authorities.File, _authorities.HasChanged));

    private (TlsCertificate Offered, ServerCertificate Shown) Compile()
    {
        ServerCertificate shown = Pair(_certificate.File, _key.File, () => ServerCertificate.FromPem(_certificate.Text, _key.Text));
        ClientVerification? clients = _authorities is null ? null : Authorities(_authorities.File, () => Verification(_authorities.Text));
        return (new TlsCertificate([shown], CertificateCompiler.Protocols, clients, onLoops: false), shown);
    }

    private static ClientVerification Verification(string authorities)
    {
        var clients = new ClientVerification(new SslClientConfig(authorities, Depth: int.MaxValue, []));
        return clients.Authorities.Any(static authority => authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData)) ? clients
            : throw new CryptographicException("it holds no root, a certificate signed by itself, where the chains of clients' certificates end");
    }

    private static T Pair<T>(SettingFile certificate, SettingFile key, Func<T> read) =>
        Guard(read, () => $"{certificate.Setting}, {key.Setting}: {certificate.Path} and {key.Path} are no certificate with its key in PEM");

    private static T Authorities<T>(SettingFile file, Func<T> read) => Guard(read, () => $"{file.Setting}: {file.Path} is no bundle of authorities in PEM");

    private static T Guard<T>(Func<T> read, Func<string> problem)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateFileException($"{problem()}: {e.Message}", e);
        }
    }

    /// <summary>A file and what it held when it was looked at last.</summary>
    private sealed class Watched(SettingFile file, TimeProvider time)
    {
        private const int BytesMax = 1_048_576;

        private readonly ChangedFile _changed = new(file.Path, BytesMax, time);
        private byte[] _bytes = [];

        public SettingFile File => file;

        public string Text => Encoding.UTF8.GetString(_bytes);

        public bool HasChanged()
        {
            if (_changed.ReadIfChanged() is not { } read || read.AsSpan().SequenceEqual(_bytes))
                return false;
            _bytes = read;
            return true;
        }
    }
}
