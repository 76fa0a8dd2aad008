<?php
/**
 * Plugin Name: Tanya chat
 * Description: The shortcode [tanya] shows the chat in a page, for whoever is signed in.
 *
 * In wp-config.php: define('TANYA_ADDRESS', 'https://tanya.example'); define('TANYA_SITE', 'hr-portal');
 * define('TANYA_SECRET', '…'); and put sign.php beside this file.
 */

defined('ABSPATH') || exit;
require_once __DIR__ . '/sign.php';

add_action('wp_enqueue_scripts', fn () => wp_enqueue_script('tanya', TANYA_ADDRESS . '/widget.js', [], null, true));

add_shortcode('tanya', fn () => sprintf(
    '<tanya-chat site="%s" mode="inline" class="alignwide" token-url="%s" style="height: 36rem"></tanya-chat>',
    esc_attr(TANYA_SITE),
    esc_url(admin_url('admin-ajax.php?action=tanya_token'))
));

// Only for those who are signed in: there is no wp_ajax_nopriv_tanya_token.
add_action('wp_ajax_tanya_token', function () {
    $user = wp_get_current_user();
    nocache_headers();
    wp_send_json(['token' => tanya_token((string) $user->ID, TANYA_SITE, TANYA_SECRET, $user->roles)]);
});
