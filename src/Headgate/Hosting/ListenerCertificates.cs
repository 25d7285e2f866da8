using Headgate.Proxy;
using Headgate.Proxy.Tls;
using Headgate.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Hosting;

/// <summary>Reads the certificate files that settings name, for the listeners that they are for.</summary>
internal static class ListenerCertificates
{
    /// <summary>Of HTTPS traffic, for names that have none of their own; null when there is none.</summary>
    /// <exception cref="StartException">The files cannot be used.</exception>
    public static ServerCertificate? Load(SslSettings ssl) => ssl is not { Enable: true, HasCertificate: true } ? null
        : Guard(() => CertificateFiles.Load(new SettingFile("headgate.tls.cert", ssl.CertFile!), new SettingFile("headgate.tls.key", ssl.KeyFile!)));

    /// <summary>Of the Admin API; null when it speaks clear text, or is not served.</summary>
    /// <exception cref="StartException">The files cannot be used.</exception>
    public static CertificateFiles? OpenAdmin(GatewaySettings settings, ILoggerFactory logging)
    {
        AdminTlsSettings tls = settings.Admin.Tls;
        return !settings.ServesAdmin || !tls.Enable ? null : Guard(() => new CertificateFiles(
            new SettingFile(AdminTlsSettings.CertKey, tls.CertFile!), new SettingFile(AdminTlsSettings.KeyKey, tls.KeyFile!),
            tls.ClientCaFile is { } authorities ? new SettingFile(AdminTlsSettings.ClientCaKey, authorities) : null,
            TimeProvider.System, logging.CreateLogger<CertificateFiles>()));
    }

    /// <summary>What was loaded, with what a start would find wrong in the files as further errors.</summary>
    public static LoadedSettings Check(LoadedSettings loaded)
    {
        if (!loaded.IsValid)
            return loaded;
        var errors = new List<SettingProblem>();
        Try(() => _ = Load(loaded.Settings.Ssl));
        Try(() => OpenAdmin(loaded.Settings, NullLoggerFactory.Instance)?.Dispose());
        return loaded with { Errors = errors };

        void Try(Action read)
        {
            try
            {
                read();
            }
            catch (StartException e)
            {
                errors.Add(new SettingProblem(null, "", e.Message));
            }
        }
    }

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CertificateFileException e)
        {
            throw new StartException(e.Message, e);
        }
    }
}
