using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Control.AdminApi;
using Headgate.Settings;
using Headgate.Store.Etcd;

namespace Headgate.Hosting;

/// <summary>How the settings say that etcd is reached, with the certificates that they name.</summary>
internal static class EtcdConnection
{
    /// <summary>Options of the store.</summary>
    /// <exception cref="StartException">A file that the settings name cannot be read.</exception>
    public static EtcdOptions Options(GatewaySettings gateway)
    {
        EtcdSettings settings = gateway.Etcd;
        Uri[] members = [.. settings.Hosts.Items];
        RandomNumberGenerator.Shuffle<Uri>(members); // not every gateway at the same one
        return new EtcdOptions
        {
            Endpoints = members,
            User = settings.User,
            Password = settings.Password?.Value,
            Timeout = settings.Timeout,
            WatchRenewal = settings.WatchTimeout,
            DownFor = settings.HealthCheckTimeout,
            StartupRetries = settings.StartupRetry,
            RecordedPrefixes = gateway.ServesAdmin ? [settings.Prefix + "/", "/gateway_groups/", "/headgate/"] : [], // who writes nothing need not note what others write
            UnrecordedPrefixes = gateway.ServesAdmin ? [settings.Prefix + "/data_plane/", "/headgate/instances/"] : [], // APISIX's instances say there that they live; ours are noted there
            Tls = new EtcdTls { Authorities = ReadAuthorities(settings.TrustedFile), Certificate = ReadCertificate(settings), Verifies = settings.Verify, ServerName = settings.Sni },
        };
    }

    /// <summary>What of the settings another gateway has to be told that is to read the same etcd.</summary>
    public static SharedEtcd Shared(EtcdSettings settings) => new([.. settings.Hosts.Items], settings.Prefix)
    {
        HasUser = settings.User is not null,
        HasCertificate = settings.CertFile is not null,
        HasAuthority = settings.TrustedFile is not null,
        Keys = settings.Keyring.Count,
    };

    private static X509Certificate2Collection? ReadAuthorities(string? file)
    {
        if (file is null)
            return null;
        var authorities = new X509Certificate2Collection();
        Read(file, () => authorities.ImportFromPemFile(file));
        return authorities;
    }

    private static X509Certificate2? ReadCertificate(EtcdSettings settings)
    {
        if (settings is not { CertFile: { } certificate, KeyFile: { } key })
            return null;
        X509Certificate2? read = null;
        Read(certificate, () => read = X509Certificate2.CreateFromPemFile(certificate, key));
        return read;
    }

    private static void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"cannot use {file} for etcd: {e.Message}", e);
        }
    }
}
