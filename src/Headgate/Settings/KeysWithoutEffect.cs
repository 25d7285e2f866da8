namespace Headgate.Settings;

/// <summary>
/// The keys of APISIX 3.18's <c>config.yaml</c> (and a few that earlier 3.x versions had) that do nothing here. A key that starts to act
/// moves from here to <see cref="SettingTable"/>.
/// </summary>
internal static class KeysWithoutEffect
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<KeyWithoutEffect> All =
    [
        new("apisix.delete_uri_tail_slash", "false"),
        new("apisix.disable_sync_configuration_during_start", "false"),
        new("apisix.enable_dev_mode", "false"),
        new("apisix.enable_reuseport"),
        new("apisix.enable_server_tokens", "true"),
        new("apisix.events"),
        new("apisix.extra_lua_cpath", ""),
        new("apisix.extra_lua_path", ""),
        new("apisix.lru"),
        new("apisix.lua_module_hook"),
        new("apisix.match_uri_encoded_slash", "false"),
        new("apisix.max_post_args_readable_size"),
        new("apisix.normalize_uri_like_servlet", "false"),
        new("apisix.proxy_cache.cache_ttl"),
        new("apisix.proxy_mode", "http"),
        new("apisix.proxy_protocol"),
        new("apisix.router.http", "radixtree_host_uri"),
        new("apisix.router.ssl", "radixtree_sni"),
        new("apisix.show_upstream_status_in_response_header", "false"),
        new("apisix.ssl.key_encrypt_salt"),
        new("apisix.ssl.ssl_ciphers"),
        new("apisix.ssl.ssl_protocols"),
        new("apisix.ssl.ssl_session_tickets"),
        new("apisix.stream_proxy"),
        new("apisix.tracing", "false"),
        new("apisix.trusted_addresses"),
        new("apisix.worker_startup_time_threshold"),
        new("deployment.admin.admin_api_version", "v3"),
        new("deployment.admin.enable_admin_cors"),
        new("deployment.admin.enable_admin_ui"),
        new("deployment.certs"),
        new("deployment.etcd.resync_delay"),
        new("deployment.etcd.use_grpc", "false"),
        new("discovery.tars"),
        new("ext-plugin"),
        new("graphql"),
        new("nginx_config"),
        new("plugin_attr.ai-proxy"),
        new("plugin_attr.dubbo-proxy"),
        new("plugin_attr.inspect"),
        new("plugin_attr.log-rotate"),
        new("plugin_attr.opentelemetry"),
        new("plugin_attr.prometheus.llm_completion_tokens_buckets"),
        new("plugin_attr.prometheus.llm_prompt_tokens_buckets"),
        new("plugin_attr.prometheus.metrics"),
        new("plugin_attr.prometheus.refresh_interval"),
        new("plugin_attr.proxy-mirror"),
        new("plugin_attr.server-info"),
        new("plugin_attr.skywalking"),
        new("plugin_attr.zipkin"),
        new("plugins"),
        new("stream_plugins"),
        new("wasm"),
        new("xrpc"),
    ];

    /// <summary>The entry of a path; null when none.</summary>
    public static KeyWithoutEffect? Find(string path, StringComparison comparison = StringComparison.Ordinal) =>
        All.FirstOrDefault(k => string.Equals(k.Path, path, comparison));
}
