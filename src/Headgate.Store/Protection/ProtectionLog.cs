using Microsoft.Extensions.Logging;

namespace Headgate.Store.Protection;

/// <summary>Log messages of the encryption of secrets.</summary>
public static partial class ProtectionLog
{
    /// <summary>A new key ring was made.</summary>
    [LoggerMessage(1050, LogLevel.Information, "A key was made that encrypts the secrets in the store: {File}. Back it up; without it they are lost.")]
    public static partial void KeyRingCreated(ILogger logger, string file);

    /// <summary>Secrets are written as they are.</summary>
    [LoggerMessage(1028, LogLevel.Warning, "Secrets are written into etcd unencrypted; set apisix.data_encryption.keyring, for APISIX as well where it shares the store")]
    public static partial void SecretsInClear(ILogger logger);

    [LoggerMessage(1051, LogLevel.Error, "{Field} of {Key} cannot be decrypted: {Problem}. The object is of no use until that key is back in the key ring, or the field is written anew.")]
    internal static partial void NotDecrypted(ILogger logger, string field, string key, string problem);
}
