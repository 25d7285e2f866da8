using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Control.Line;
using Headgate.Settings;

namespace Headgate.Hosting;

/// <summary>Turns what is set about control planes into what a client of them needs.</summary>
internal static class LineClientSettings
{
    /// <summary>The options; null = there is no control plane to report to.</summary>
    /// <exception cref="StartException">A file cannot be used.</exception>
    public static LineClientOptions? Of(ControlPlaneSettings settings) => settings.Addresses.Count == 0 ? null : new LineClientOptions
    {
        Addresses = [.. settings.Addresses.Items],
        Token = settings.Token?.Value,
        Authorities = settings.AuthorityFile is { } file ? Authorities(file) : null,
        Certificate = settings.CertFile is { } cert ? Certificate(cert, settings.KeyFile!) : null,
    };

    private static X509Certificate2Collection Authorities(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw new StartException($"headgate.control_plane.ca: {file} has no certificate in PEM");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"headgate.control_plane.ca: {file} cannot be read: {e.Message}", e);
        }
    }

    private static X509Certificate2 Certificate(string certFile, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certFile, keyFile);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"headgate.control_plane.cert, headgate.control_plane.key: {certFile} and {keyFile} are no certificate with its key in PEM: {e.Message}", e);
        }
    }
}
