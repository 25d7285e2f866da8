using System.Text;
using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>The forms of what is set about etcd.</summary>
internal static class EtcdForms
{
    /// <summary>As <see cref="SettingForms.OptionalSecret"/>, of any length.</summary>
    public static readonly SettingForm<SecretText?> OptionalPassword = new ScalarForm<SecretText?>(
        "a text",
        static (SettingNode.Scalar scalar, out SecretText? value) =>
        {
            value = scalar.Text.Length == 0 ? null : new SecretText(scalar.Text);
            return true;
        },
        v => v?.ToString() ?? "",
        isText: true,
        secret: true);

    /// <summary>A key of APISIX's encryption; never shown.</summary>
    public static readonly SettingForm<SecretText> EncryptionKey = new ScalarForm<SecretText>(
        "a text of 16 or 32 bytes",
        static (SettingNode.Scalar scalar, out SecretText value) =>
        {
            value = new SecretText(scalar.Text);
            return Encoding.UTF8.GetByteCount(scalar.Text) is 16 or 32;
        },
        v => v.ToString(),
        isText: true,
        secret: true);

    /// <summary>Address of a member of an etcd.</summary>
    public static readonly SettingForm<Uri> EtcdMember = new ScalarForm<Uri>("an address such as http://127.0.0.1:2379", SettingForms.TryAddress, v => v.GetLeftPart(UriPartial.Authority), isText: true);

    /// <summary>With what keys of a store begin.</summary>
    public static readonly SettingForm<string> StorePrefix = new ScalarForm<string>("a path that begins with / and does not end in it", TryStorePrefix, v => v, isText: true);

    // What the store has for itself is no place for objects.
    private static bool TryStorePrefix(SettingNode.Scalar scalar, out string value)
    {
        value = scalar.Text;
        return value.Length is > 1 and <= 256 && value[0] == '/' && value[^1] != '/' && !value.AsSpan().ContainsAnyExceptInRange('!', '~') && !(value + "/").StartsWith("/headgate/", StringComparison.Ordinal);
    }
}
