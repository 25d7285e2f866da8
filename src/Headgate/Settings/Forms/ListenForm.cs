using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>Where to listen, in APISIX's forms: a port, or a mapping with <c>port</c>, <c>ip</c> and <c>enable_http2</c>.</summary>
/// <param name="portAlone">Whether a bare port is allowed.</param>
internal sealed class ListenForm(bool portAlone) : SettingForm<ListenSettings>
{
    private static readonly string[] Known = ["enable_http2", "ip", "port"];
    private static readonly string[] WithoutEffect = ["enable_http3", "enable_quic"];

    /// <inheritdoc/>
    public override string Allowed => portAlone ? "a port from 0 to 65535 (0 = any free one)" : "a mapping with port, ip, enable_http2";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out ListenSettings value)
    {
        value = null!;
        if (node is SettingNode.Map map)
        {
            var fields = new MapFields(map, path, problems, Known, WithoutEffect);
            value = new ListenSettings(fields.Optional("ip", SettingForms.Ip, null), fields.Required("port", SettingForms.Port))
            {
                Http2 = fields.Optional("enable_http2", SettingForms.OptionalSwitch, null),
            };
            return fields.IsGood;
        }

        if (!portAlone)
        {
            problems.NotAllowed(node, path, Allowed);
            return false;
        }

        bool good = SettingForms.Port.TryRead(node, path, problems, out int port);
        value = new ListenSettings(null, port);
        return good;
    }

    /// <inheritdoc/>
    public override string Show(ListenSettings value) => value.Ip is null && portAlone ? $"{value.Port}" : $"{{port: {value.Port}}}";
}
